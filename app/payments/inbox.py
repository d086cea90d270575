"""The inbox of notices as the merchant reads it: what came for an order, and what needs a hand."""

from sqlalchemy import or_, select, union_all

from app.db import AnyRow, Session
from app.orders import Order
from app.payments.channel import Channel
from app.payments.notice import KeptNotice
from app.payments.payment import Payment
from app.payments.verdict import Verdict

MOST_SHOWN = 20
# These only say that it was not known yet; once the payment is settled they need nobody.
PASSING = (Verdict.FAILED.value, Verdict.UNCONFIRMED.value)
NEEDS_A_HAND = tuple(verdict.value for verdict in Verdict if verdict.needs_a_hand)


def payments_of_order(session: Session, order_id: int) -> list[AnyRow]:
    """(payment, channel's name) of every attempt to pay the order, latest first."""
    statement = select(Payment, Channel.name.label("channel_name")).join(Channel, Channel.id == Payment.channel_id)
    return list(
        session.execute(statement.where(Payment.order_id == order_id).order_by(Payment.id.desc()).limit(MOST_SHOWN))
    )


def notices_of_order(session: Session, order_id: int) -> list[KeptNotice]:
    """What reached the shop about the order's payments, latest first."""
    own = select(Payment.id).where(Payment.order_id == order_id)
    statement = select(KeptNotice).where(KeptNotice.payment_id.in_(own))
    return list(session.scalars(statement.order_by(KeptNotice.id.desc()).limit(MOST_SHOWN)))


def notices_that_need_a_hand(session: Session, *, since: int, limit: int) -> list[AnyRow]:
    """(notice, order's number or None) of notices since then with which money may have come that no order took, latest first."""
    # A few of each verdict, each found by the index: the inbox only grows.
    few = union_all(
        *(
            select(
                select(KeptNotice.id)
                .where(KeptNotice.verdict == verdict, KeptNotice.received_at >= since)
                .order_by(KeptNotice.id.desc())
                .limit(limit)
                .subquery()
                .c.id
            )
            for verdict in NEEDS_A_HAND
        )
    ).subquery()
    unsettled = or_(KeptNotice.verdict.not_in(PASSING), Payment.state.is_distinct_from("paid"))
    statement = (
        select(KeptNotice, Order.number)
        .outerjoin(Payment, Payment.id == KeptNotice.payment_id)
        .outerjoin(Order, Order.id == Payment.order_id)
        .where(KeptNotice.id.in_(select(few.c.id)), unsettled)
    )
    return list(session.execute(statement.order_by(KeptNotice.id.desc()).limit(limit)))
