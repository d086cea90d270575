"""The inbox of notices as the merchant reads it: all that ever came, what came for an order, and what waits for a hand."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.db import AnyRow, Session
from app.orders import Lead, Order
from app.payments.channel import Channel
from app.payments.notice import KeptNotice
from app.payments.payment import Payment
from app.payments.stray import Stray

MOST_SHOWN = 20
PAGE_SIZE = 20
# What somebody has to look at; what is on its way back looks after itself.
TO_LOOK_AT = ("open", "doubtful")


@dataclass(frozen=True)
class NoticeSearch:
    """What is looked for: a number of a payment, an order or a transfer, whole; a verdict; a channel."""

    words: str = ""
    verdict: str | None = None
    channel_id: int | None = None


def payments_of_order(session: Session, order_id: int) -> list[AnyRow]:
    """(payment, channel's name) of every attempt to pay the order, latest first."""
    statement = select(Payment, Channel.name.label("channel_name")).join(Channel, Channel.id == Payment.channel_id)
    return list(
        session.execute(statement.where(Payment.order_id == order_id).order_by(Payment.id.desc()).limit(MOST_SHOWN))
    )


def payment_by_order(session: Session, order_ids: Collection[int]) -> dict[int, AnyRow]:
    """order's id -> (number, trade_number, channel's name) of the payment that paid it, or of the latest attempt."""
    statement = (
        select(Payment.order_id, Payment.number, Payment.trade_number, Channel.name.label("channel_name"))
        .join(Channel, Channel.id == Payment.channel_id)
        .where(Payment.order_id.in_(order_ids))
        .order_by(Payment.state == "paid", Payment.id)
    )
    return {row.order_id: row for row in session.execute(statement)}


def orders_through(channel_id: int) -> Lead:
    """The orders of a channel: those that it was paid for, and the unpaid ones whose latest attempt it was."""
    this, other = aliased(Payment), aliased(Payment)
    is_better = or_(
        and_(other.state == "paid", this.state != "paid"), and_(other.state == this.state, other.id > this.id)
    )
    better = exists().where(other.order_id == this.order_id, other.id != this.id, is_better)
    return Lead(this, this.order_id, and_(this.channel_id == channel_id, ~better))


def notices_of_order(session: Session, order_id: int) -> list[KeptNotice]:
    """What reached the shop about the order's payments, latest first."""
    own = select(Payment.id).where(Payment.order_id == order_id)
    statement = select(KeptNotice).where(KeptNotice.payment_id.in_(own))
    return list(session.scalars(statement.order_by(KeptNotice.id.desc()).limit(MOST_SHOWN)))


def search_notices(
    session: Session, wanted: NoticeSearch, *, before: int | None = None, limit: int = PAGE_SIZE
) -> tuple[list[AnyRow], int | None]:
    """One page of (notice, payment's number, order's number, channel's name), latest first, and the next page's cursor."""
    few = select(KeptNotice.id)
    if wanted.words:
        few = few.where(_named(session, wanted.words))
    if wanted.verdict is not None:
        few = few.where(KeptNotice.verdict == wanted.verdict)
    if wanted.channel_id is not None:
        few = few.where(KeptNotice.channel_id == wanted.channel_id)
    if before is not None:
        few = few.where(KeptNotice.id < before)
    ids = list(session.scalars(few.order_by(KeptNotice.id.desc()).limit(limit + 1)))
    statement = _with_names().where(KeptNotice.id.in_(ids[:limit])).order_by(KeptNotice.id.desc())
    found = list(session.execute(statement))
    return found, found[-1].KeptNotice.id if len(ids) > limit else None


def _named(session: Session, words: str) -> ColumnElement[bool]:
    """The notices of a payment or an order where the words are its number, else those of a transfer with that number."""
    own = select(Payment.id).outerjoin(Order, Order.id == Payment.order_id)
    upper = words.upper()
    by_payment = list(session.scalars(own.where(Payment.number == upper)))
    found = by_payment or list(session.scalars(own.where(Order.number == upper).limit(MOST_SHOWN)))
    return KeptNotice.payment_id.in_(found) if found else KeptNotice.trade_number == words


def _with_names() -> Select[KeptNotice, str, str, str]:
    columns = (
        Payment.number.label("payment_number"),
        Order.number.label("order_number"),
        Channel.name.label("channel_name"),
    )
    return (
        select(KeptNotice, *columns)
        .join(Channel, Channel.id == KeptNotice.channel_id)
        .outerjoin(Payment, Payment.id == KeptNotice.payment_id)
        .outerjoin(Order, Order.id == Payment.order_id)
    )


def find_notice(session: Session, notice_id: int) -> AnyRow | None:
    """(notice, payment's number, order's number, channel's name)."""
    return session.execute(_with_names().where(KeptNotice.id == notice_id)).first()


def repeats_of(session: Session, notice: KeptNotice) -> list[KeptNotice]:
    """Other notices that name the same transfer, latest first."""
    if not notice.trade_number:
        return []
    same = select(KeptNotice).where(KeptNotice.trade_number == notice.trade_number, KeptNotice.id != notice.id)
    return list(session.scalars(same.order_by(KeptNotice.id.desc()).limit(MOST_SHOWN)))


def list_strays(
    session: Session, *, before: int | None = None, limit: int = PAGE_SIZE
) -> tuple[list[AnyRow], int | None]:
    """One page of the queue: (stray, order's number, channel's name), latest first, and the next page's cursor."""
    # Each state by its index, a page of each: their number only grows.
    few = [
        select(Stray.id).where(Stray.state == state, *([Stray.id < before] if before else [])).order_by(Stray.id.desc())
        for state in TO_LOOK_AT
    ]
    ids = sorted((one for page in few for one in session.scalars(page.limit(limit + 1))), reverse=True)
    statement = (
        select(Stray, Order.number.label("order_number"), Channel.name.label("channel_name"))
        .join(Channel, Channel.id == Stray.channel_id)
        .outerjoin(Payment, Payment.id == Stray.payment_id)
        .outerjoin(Order, Order.id == Payment.order_id)
        .where(Stray.id.in_(ids[:limit]))
    )
    found = list(session.execute(statement.order_by(Stray.id.desc())))
    return found, found[-1].Stray.id if len(ids) > limit else None
