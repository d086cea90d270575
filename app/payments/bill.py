"""A bill: a provider's statement that was held against our payments, and what differs. Nothing is booked by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, CheckConstraint, Connection, ForeignKey, Index, Integer, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, Session, table
from app.payments.bill_file import BillFile, BillRow
from app.payments.channel import Channel
from app.payments.payment import Payment
from app.payments.stray import Stray

PAGE_SIZE = 20
BATCH = 500


class Bill(Model):
    __tablename__ = "bill"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    name: Mapped[str] = mapped_column(String(120))
    actor: Mapped[str] = mapped_column(String(60))
    read_at: Mapped[int] = mapped_column(BigInteger)
    # Its payments: the first and the last, how many, and their sum.
    from_at: Mapped[int | None] = mapped_column(BigInteger)
    until_at: Mapped[int | None] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(Integer)
    sum_fen: Mapped[int] = mapped_column(BigInteger)
    unread: Mapped[int] = mapped_column(Integer)
    differences: Mapped[int] = mapped_column(Integer)


class BillDifference(Model):
    __tablename__ = "bill_difference"
    __table_args__ = (
        CheckConstraint("kind IN ('not_here', 'not_there', 'amount')", name="kind"),
        Index("ix_bill_difference_bill", "bill_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    kind: Mapped[str] = mapped_column(String(10))
    trade_number: Mapped[str | None] = mapped_column(String(64))
    payment_number: Mapped[str | None] = mapped_column(String(64))
    their_fen: Mapped[int | None] = mapped_column(BigInteger)
    our_fen: Mapped[int | None] = mapped_column(BigInteger)
    happened_at: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Difference:
    """`kind` is 'not_here' (the statement has it, we do not), 'not_there' (the other way round) or 'amount'."""

    kind: str
    trade_number: str | None
    payment_number: str | None
    their_fen: int | None
    our_fen: int | None
    happened_at: int | None


_payments = table(Payment)
_strays = table(Stray)
_OURS = (_payments.c.trade_number, _payments.c.number, _payments.c.amount_fen, _payments.c.paid_at)


def compare(connection: Reader, channel_id: int, bill: BillFile) -> list[Difference]:
    """What differs between a statement and the payments of the channel.

    Money that waits in the queue is known too. What we know and the statement does not is looked for between its first and its
    last payment only; a statement without times cannot tell.
    """
    found: list[Difference] = []
    for start in range(0, len(bill.rows), BATCH):
        found += _unlike(connection, channel_id, bill.rows[start : start + BATCH])
    if bill.span is not None:
        theirs = {row.trade_number for row in bill.rows}
        for row in _paid_between(connection, channel_id, *bill.span):
            if row.trade_number not in theirs:
                found.append(Difference("not_there", row.trade_number, row.number, None, row.amount_fen, row.paid_at))
    return found


def _unlike(connection: Reader, channel_id: int, some: Sequence[BillRow]) -> Iterator[Difference]:
    numbers = [row.trade_number for row in some]
    paid = select(_payments.c.trade_number, _payments.c.amount_fen).where(
        _payments.c.channel_id == channel_id, _payments.c.trade_number.in_(numbers)
    )
    aside = select(_strays.c.trade_number, _strays.c.amount_fen).where(
        _strays.c.channel_id == channel_id, _strays.c.trade_number.in_(numbers), _strays.c.is_booked
    )
    ours: dict[str, int] = {}
    for statement in (aside, paid):
        ours |= {row.trade_number: row.amount_fen for row in connection.execute(statement)}
    for row in some:
        our_fen = ours.get(row.trade_number)
        if our_fen != row.amount_fen:
            kind = "not_here" if our_fen is None else "amount"
            numbers_of = (row.trade_number, row.payment_number or None)
            yield Difference(kind, *numbers_of, row.amount_fen, our_fen, row.at)


def _paid_between(connection: Reader, channel_id: int, from_at: int, until_at: int) -> Iterator[AnyRow]:
    within = select(*_OURS).where(_payments.c.channel_id == channel_id, _payments.c.paid_at.between(from_at, until_at))
    yield from connection.execute(within.order_by(_payments.c.paid_at).execution_options(yield_per=BATCH))


def keep_bill(
    tx: Connection,
    channel_id: int,
    name: str,
    bill: BillFile,
    differences: Sequence[Difference],
    *,
    actor: str,
    now: int,
) -> int:
    """Write down that a statement was compared, and what differs; returns its id."""
    from_at, until_at = bill.span or (None, None)
    row = {"channel_id": channel_id, "name": name[:120], "actor": actor[:60], "read_at": now, "from_at": from_at}
    row |= {"until_at": until_at, "rows": len(bill.rows), "sum_fen": sum(one.amount_fen for one in bill.rows)}
    row |= {"unread": len(bill.unread), "differences": len(differences)}
    bill_id = int(tx.execute(insert(table(Bill)).returning(table(Bill).c.id), row).scalar_one())
    if differences:
        tx.execute(insert(table(BillDifference)), [{"bill_id": bill_id, **vars(one)} for one in differences])
    return bill_id


def list_bills(session: Session, *, before: int | None = None) -> tuple[list[AnyRow], int | None]:
    """One page of (bill, channel's name), latest first, and the next page's cursor."""
    statement = select(Bill, Channel.name.label("channel_name")).join(Channel, Channel.id == Bill.channel_id)
    if before is not None:
        statement = statement.where(Bill.id < before)
    found = list(session.execute(statement.order_by(Bill.id.desc()).limit(PAGE_SIZE + 1)))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].Bill.id if len(found) > PAGE_SIZE else None


def find_bill(session: Session, bill_id: int) -> AnyRow | None:
    """(bill, channel's name)."""
    statement = select(Bill, Channel.name.label("channel_name")).join(Channel, Channel.id == Bill.channel_id)
    return session.execute(statement.where(Bill.id == bill_id)).first()


def differences_of(
    session: Session, bill_id: int, *, before: int | None = None
) -> tuple[list[BillDifference], int | None]:
    """One page of what differs, and the next page's cursor."""
    statement = select(BillDifference).where(BillDifference.bill_id == bill_id)
    if before is not None:
        statement = statement.where(BillDifference.id < before)
    found = list(session.scalars(statement.order_by(BillDifference.id.desc()).limit(PAGE_SIZE + 1)))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
