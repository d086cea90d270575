"""A verification: the whole log was looked at, and how far it held. The next one sees whether that part is still there."""

from sqlalchemy import BigInteger, Connection, LargeBinary, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.chain import Broken, Verdict, verify_chain
from app.audit.entry import Entry
from app.db import AnyRow, Id, Model, Reader, table


class Verification(Model):
    __tablename__ = "audit_verification"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    verified_at: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[bytes] = mapped_column(LargeBinary)
    broken_entry_id: Mapped[int | None] = mapped_column(BigInteger)
    broken_what: Mapped[str] = mapped_column(String(200))


_verifications, _entries = table(Verification), table(Entry)
_LAST = select(_verifications).order_by(_verifications.c.id.desc()).limit(1)
_LAST_GOOD = _LAST.where(_verifications.c.broken_entry_id.is_(None))


def examine(connection: Connection) -> Verdict:
    """Look at the whole chain, and at whether it still has what the last good verification saw at its end: a log that was cut
    off, or written anew from its first entry on, is whole in itself."""
    verdict = verify_chain(connection)
    known = connection.execute(_LAST_GOOD).first()
    if verdict.broken or known is None or not known.entries:
        return verdict
    head = connection.execute(select(_entries.c.hash).where(_entries.c.id == known.entries)).scalar()
    if head is None:
        return Verdict(verdict.count, verdict.head, Broken(verdict.count + 1, "it was cut off, with all that followed"))
    if bytes(head) != bytes(known.head):
        return Verdict(verdict.count, verdict.head, Broken(known.entries, "it is not the one that was verified before"))
    return verdict


def record_verification(tx: Connection, verdict: Verdict, now: int) -> None:
    """Keep what was found."""
    broken = verdict.broken
    row = {"verified_at": now, "entries": verdict.count, "head": verdict.head}
    row |= {"broken_entry_id": broken.entry_id if broken else None, "broken_what": broken.what if broken else ""}
    tx.execute(insert(_verifications).values(**row))


def last_verification(connection: Reader) -> AnyRow | None:
    return connection.execute(_LAST).first()
