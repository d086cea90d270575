"""A payout and its states: requested, approved, processing, paid; or cancelled, rejected, failed, returned (distribution 1.13)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import outbox
from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal

STATES_OF_PAYOUT = ("requested", "approved", "processing", "paid", "failed", "rejected", "cancelled", "returned")
# From each state, where it may go. Money that left never goes back by itself: somebody says that it came back.
NEXT = {
    "requested": ("approved", "rejected", "cancelled"),
    "approved": ("processing", "rejected"),
    "processing": ("paid", "failed"),
    "failed": ("requested", "rejected"),
    "paid": ("returned",),
}
OPEN = ("requested", "approved", "processing", "failed")
_IS_OPEN = text("state IN ('requested', 'approved', 'processing', 'failed')")


class Payout(Model):
    __tablename__ = "payout"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES_OF_PAYOUT}", name="state"),
        CheckConstraint("amount_fen > 0 AND fee_fen >= 0 AND tax_fen >= 0", name="amount"),
        CheckConstraint("amount_fen > fee_fen + tax_fen", name="fee"),
        Index("uq_payout_open", "account_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_payout_account", "account_id", "id"),
        Index("ix_payout_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee.id"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    fee_fen: Mapped[int] = mapped_column(BigInteger)
    tax_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))
    approved_by: Mapped[int | None] = mapped_column(Integer)
    reference: Mapped[str | None] = mapped_column(String(80))
    requested_at: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[int | None] = mapped_column(BigInteger)


class PayoutPart(Model):
    """What of a payout comes out of which node's earnings."""

    __tablename__ = "payout_part"

    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), primary_key=True)
    pid: Mapped[str] = mapped_column(String(16), primary_key=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)


class PayoutEvent(Model):
    """Who moved a payout to which state, when and why: kept for good."""

    __tablename__ = "payout_event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(300))
    happened_at: Mapped[int] = mapped_column(BigInteger)


# What is noted when somebody sees a payee in clear.
PAYEE_SHOWN = "payee shown"
# What is noted when a provider's interface sends it, and what the outbox calls that.
TRANSFER = "transfer"


class PayoutMoved(Refusal):
    """Somebody was quicker, or the payout is not where the act would begin."""

    status = 409

    def __init__(self) -> None:
        super().__init__(N_("This payout was moved in the meantime. Please look at it again."))


_payouts = table(Payout)
_parts = table(PayoutPart)
_events = table(PayoutEvent)


def find_payout(connection: Reader, number: str) -> AnyRow | None:
    return connection.execute(select(_payouts).where(_payouts.c.number == number)).first()


def payout_by_id(connection: Reader, payout_id: int) -> AnyRow:
    return connection.execute(select(_payouts).where(_payouts.c.id == payout_id)).one()


def parts_of_payout(connection: Reader, payout_id: int) -> dict[str, int]:
    """pid -> fen, of a payout."""
    rows = connection.execute(select(_parts.c.pid, _parts.c.amount_fen).where(_parts.c.payout_id == payout_id))
    return {row.pid: row.amount_fen for row in rows}


def events_of(connection: Reader, payout_id: int) -> list[AnyRow]:
    """What happened to a payout, oldest first: state, actor, reason, happened_at."""
    return list(connection.execute(select(_events).where(_events.c.payout_id == payout_id).order_by(_events.c.id)))


def transfer_subject(connection: Reader, payout: AnyRow) -> str:
    """What the outbox calls a payout's latest transfer: each time that it is sent anew is a transfer of its own."""
    sent = select(func.count()).where(_events.c.payout_id == payout.id, _events.c.state == "processing")
    sent = sent.where(_events.c.reason != PAYEE_SHOWN)
    return f"{TRANSFER}:{payout.number}_{connection.execute(sent).scalar_one()}"


def last_reasons(connection: Reader, payout_ids: Sequence[int]) -> dict[int, str]:
    """payout id -> what was said when it moved last; that somebody saw the payee is no word for its owner."""
    moves = _events.c.payout_id.in_(payout_ids) & (_events.c.reason != PAYEE_SHOWN)
    newest = select(func.max(_events.c.id)).where(moves).group_by(_events.c.payout_id)
    rows = connection.execute(select(_events.c.payout_id, _events.c.reason).where(_events.c.id.in_(newest)))
    return {row.payout_id: row.reason for row in rows}


def add_payout(tx: Connection, row: Mapping[str, object], parts: Mapping[str, int]) -> int:
    """Write a requested payout with its parts; the unique key allows one open one an account."""
    payout_id: int = tx.execute(insert(_payouts).returning(_payouts.c.id), dict(row)).scalar_one()
    tx.execute(insert(_parts), [{"payout_id": payout_id, "pid": pid, "amount_fen": fen} for pid, fen in parts.items()])
    return payout_id


def note_event(tx: Connection, payout_id: int, state: str, actor: str, reason: str, now: int) -> None:
    row = {"payout_id": payout_id, "state": state, "actor": actor[:60], "reason": reason[:300], "happened_at": now}
    tx.execute(insert(_events), row)


def move(
    tx: Connection,
    payout: AnyRow,
    state: str,
    *,
    actor: str,
    reason: str = "",
    now: int,
    **changes: object,
) -> None:
    """Move a payout on, once, and note who did. Raises PayoutMoved when it is not where the move begins."""
    if state not in NEXT.get(payout.state, ()):
        raise PayoutMoved
    here = (_payouts.c.id == payout.id) & (_payouts.c.state == payout.state)
    if tx.execute(update(_payouts).where(here).values(state=state, **changes)).rowcount != 1:
        raise PayoutMoved
    note_event(tx, payout.id, state, actor, reason, now)
    if state == "paid":
        outbox.tell(tx, "payout.paid", payout.id, now)


def list_payouts(
    connection: Reader,
    *,
    account_id: int | None = None,
    state: str | None = None,
    before: int | None = None,
    limit: int = 20,
) -> tuple[list[AnyRow], int | None]:
    """A page of payouts, newest first, and the cursor of the next page if there is one."""
    statement = select(_payouts).order_by(_payouts.c.id.desc()).limit(limit + 1)
    if account_id is not None:
        statement = statement.where(_payouts.c.account_id == account_id)
    if state is not None:
        statement = statement.where(_payouts.c.state == state)
    if before is not None:
        statement = statement.where(_payouts.c.id < before)
    rows = list(connection.execute(statement))
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def open_payout(connection: Reader, account_id: int) -> AnyRow | None:
    """The account's open payout; there is at most one."""
    mine = select(_payouts).where(_payouts.c.account_id == account_id, _payouts.c.state.in_(OPEN))
    return connection.execute(mine).first()
