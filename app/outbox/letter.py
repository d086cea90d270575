"""A letter: one event on its way to one receiver, with how it went. What it says is worded when it is sent, and not kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.clock import HOUR, MINUTE
from app.db import AnyRow, Id, Model, Reader, table

AUDIENCES = ("merchant", "buyer", "distributor", "account")
# What is about an order names it by its id.
OF_ORDERS = ("order.paid", "order.delivered", "commission.held")
STATES_OF_LETTER = ("pending", "sent", "failed", "dropped")
# After each attempt that failed; then the letter is dead, and waits for the merchant.
PAUSES_SECONDS = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR)


class Letter(Model):
    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("event", "about", "audience", "account_id", "outlet_id"),
        CheckConstraint("audience IN ('merchant', 'buyer', 'distributor', 'account')", name="audience"),
        CheckConstraint("state IN ('pending', 'sent', 'failed', 'dropped')", name="state"),
        CheckConstraint("(state = 'pending') = (next_at IS NOT NULL)", name="pending"),
        Index("ix_letter_due", "state", "next_at", "id"),
        Index("ix_letter_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # What receivers know it by, the same at each attempt.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    event: Mapped[str] = mapped_column(String(30))
    about: Mapped[str] = mapped_column(String(60))
    audience: Mapped[str] = mapped_column(String(12))
    # The account of a distributor, or of whom the shop tells of the account itself; 0 for everybody else, whom the event names.
    account_id: Mapped[int] = mapped_column(BigInteger)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlet.id"))
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(300))
    happened_at: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[int | None] = mapped_column(BigInteger)


_letters = table(Letter)
_ADDRESS = text(
    "INSERT INTO letter (number, event, about, audience, account_id, outlet_id, state, attempts, next_at, reason, happened_at) "
    "VALUES (:number, :event, :about, :audience, :account_id, :outlet_id, 'pending', 0, :next_at, '', :happened_at) "
    "ON CONFLICT (event, about, audience, account_id, outlet_id) DO NOTHING"
)
_CLAIM = text(
    "UPDATE letter SET attempts = attempts + 1, next_at = :until WHERE id = :id AND state = 'pending' AND next_at <= :now"
)
_PUT_OFF = text("UPDATE letter SET reason = :reason, next_at = :next_at WHERE id = :id AND state = 'pending'")
_SETTLE = text(
    "UPDATE letter SET state = :state, reason = :reason, next_at = NULL, settled_at = :now "
    "WHERE id = :id AND state = 'pending'"
)
_REVIVE = text(
    "UPDATE letter SET state = 'pending', attempts = 0, next_at = :now, settled_at = NULL "
    "WHERE id = :id AND state IN ('failed', 'dropped')"
)


def address(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write letters, each receiver's once an event: event, about, audience, account_id, outlet_id, happened_at, next_at."""
    if rows:
        tx.execute(_ADDRESS, [{**row, "number": vault.code(20)} for row in rows])


def due_letters(connection: Reader, now: int, limit: int = 50) -> list[AnyRow]:
    """The letters that want to be sent now, the longest due first."""
    wanted = select(_letters).where(_letters.c.state == "pending", _letters.c.next_at <= now)
    return list(connection.execute(wanted.order_by(_letters.c.next_at, _letters.c.id).limit(limit)))


def claim_letter(tx: Connection, letter_id: int, now: int, lease_seconds: int) -> bool:
    """Take a letter for oneself before it is sent: of two workers, one gets True. After the lease it is due again."""
    return tx.execute(_CLAIM, {"id": letter_id, "now": now, "until": now + lease_seconds}).rowcount == 1


def miss(tx: Connection, letter_id: int, attempts: int, reason: str, now: int) -> bool:
    """The attempt failed: it is made again after a pause. False when there were enough of them, and the letter is dead."""
    if attempts > len(PAUSES_SECONDS):
        settle_letter(tx, letter_id, "failed", reason, now)
        return False
    tx.execute(_PUT_OFF, {"id": letter_id, "reason": reason[:300], "next_at": now + PAUSES_SECONDS[attempts - 1]})
    return True


def settle_letter(tx: Connection, letter_id: int, state: str, reason: str, now: int) -> bool:
    """It was 'sent', can never be ('failed'), or has nothing to say any more ('dropped'). False when that was said before."""
    values = {"id": letter_id, "state": state, "reason": reason[:300], "now": now}
    return tx.execute(_SETTLE, values).rowcount == 1


def send_again(tx: Connection, letter_id: int, now: int) -> bool:
    """Send a letter that failed or was dropped once more, with all its attempts. False when there is no such letter."""
    return tx.execute(_REVIVE, {"id": letter_id, "now": now}).rowcount == 1


def find_letter(connection: Reader, number: str) -> AnyRow | None:
    return connection.execute(select(_letters).where(_letters.c.number == number)).first()


def list_letters(
    connection: Reader,
    *,
    state: str | None = None,
    order_id: int | None = None,
    before: int | None = None,
    limit: int = 30,
) -> tuple[list[AnyRow], int | None]:
    """A page of letters, newest first, and the cursor of the next page if there is one."""
    wanted = select(_letters).order_by(_letters.c.id.desc()).limit(limit + 1)
    if state is not None:
        wanted = wanted.where(_letters.c.state == state)
    if order_id is not None:
        wanted = wanted.where(_letters.c.event.in_(OF_ORDERS), _letters.c.about == str(order_id))
    if before is not None:
        wanted = wanted.where(_letters.c.id < before)
    rows = list(connection.execute(wanted))
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def has_dead_letters(connection: Reader) -> bool:
    """Whether a letter waits for the merchant."""
    return connection.execute(select(_letters.c.id).where(_letters.c.state == "failed").limit(1)).first() is not None
