"""A checkup: when the books were checked last, and what was broken. Broken books stop payouts, and nothing else."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Connection, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table
from app.ledger.books import Finding


class Checkup(Model):
    __tablename__ = "checkup"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    checked_at: Mapped[int] = mapped_column(BigInteger)
    # The invariants that did not hold, as "I4 I9"; empty when all did.
    broken: Mapped[str] = mapped_column(String(80))


_checkups = table(Checkup)
_LAST = select(_checkups.c.checked_at, _checkups.c.broken).order_by(_checkups.c.id.desc()).limit(1)


def record_checkup(tx: Connection, findings: Sequence[Finding], now: int) -> None:
    """Keep what a check of the books found."""
    broken = " ".join(finding.id for finding in findings if not finding.holds)
    tx.execute(insert(_checkups), {"checked_at": now, "broken": broken})


def last_checkup(connection: Reader) -> AnyRow | None:
    """(checked_at, broken) of the newest check, None before the first."""
    return connection.execute(_LAST).first()


def books_broken(connection: Reader) -> bool:
    """Whether the newest check found something broken."""
    last = last_checkup(connection)
    return last is not None and last.broken != ""
