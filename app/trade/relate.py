"""To relate: what an event says to programs, as docs/webhooks.openapi.json describes it. No contact, code or key is in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app import ledger, orders, payments, settlement
from app.db import Session


@dataclass(frozen=True)
class LineFacts:
    """A line of an order; `amount_fen` is what was paid for it."""

    title: str
    sku: str
    quantity: int
    amount_fen: int


@dataclass(frozen=True)
class OrderFacts:
    """An order; moments are UTC epoch seconds, `channel` is the slug of the payment channel, null where none was needed."""

    number: str
    currency: str
    total_fen: int
    paid_at: int | None
    delivered_at: int | None
    channel: str | None
    lines: tuple[LineFacts, ...]


@dataclass(frozen=True)
class OrderEvent:
    """An order was paid, or its goods were handed over."""

    order: OrderFacts


@dataclass(frozen=True)
class RefundFacts:
    """A refund that was sent; `way` is gateway, hand (by the merchant) or provider (at the provider's own pages)."""

    number: str
    amount_fen: int
    way: str
    sent_at: int | None


@dataclass(frozen=True)
class RefundEvent:
    """Money of an order went back to its buyer."""

    refund: RefundFacts
    order: OrderFacts


@dataclass(frozen=True)
class DisputeFacts:
    """A dispute; `kind` is buyer, provider (a chargeback) or distributor, `wanted_fen` what is asked for, where it is money."""

    number: str
    kind: str
    wanted_fen: int | None
    opened_at: int
    order_number: str | None


@dataclass(frozen=True)
class DisputeEvent:
    """A dispute was opened."""

    dispute: DisputeFacts


@dataclass(frozen=True)
class ReleaseFacts:
    """What became available to one distributor, whom the shop calls `node`."""

    node: str
    amount_fen: int


@dataclass(frozen=True)
class ReleaseEvent:
    """The hold of an order's commission is over, or a part of it is due."""

    order_number: str
    releases: tuple[ReleaseFacts, ...]


@dataclass(frozen=True)
class PayoutFacts:
    """A payout that was sent; the distributor got `amount_fen` less fee and tax."""

    number: str
    amount_fen: int
    fee_fen: int
    tax_fen: int
    sent_at: int | None


@dataclass(frozen=True)
class PayoutEvent:
    """A distributor was paid."""

    payout: PayoutFacts


def _order_facts(session: Session, order_id: int) -> OrderFacts:
    order = orders.orders_by_id(session, [order_id])[order_id]
    lines = tuple(
        LineFacts(line.title, line.sku_name, line.quantity, line.base_fen)
        for line in orders.lines_of_order(session, order_id)
    )
    channel = payments.channel_paid(session, order_id)
    return OrderFacts(order.number, order.currency, order.total_fen, order.paid_at, order.delivered_at, channel, lines)


def _order(session: Session, about: str) -> OrderEvent:
    return OrderEvent(_order_facts(session, int(about)))


def _refund(session: Session, about: str) -> RefundEvent:
    row = orders.find_refund(session, int(about))
    return RefundEvent(
        RefundFacts(row.number, row.amount_fen, row.way, row.settled_at), _order_facts(session, row.order_id)
    )


def _dispute(session: Session, about: str) -> DisputeEvent:
    row = settlement.find_dispute(session, int(about))
    order = orders.orders_by_id(session, [row.order_id]).get(row.order_id) if row.order_id else None
    number = order.number if order else None
    return DisputeEvent(DisputeFacts(row.number, row.kind, row.wanted_fen, row.opened_at, number))


def _release(session: Session, about: str) -> ReleaseEvent:
    order_number = orders.number_of_line(session, int(about.partition(":")[0]))
    matured = ledger.matured_by(session, about)
    return ReleaseEvent(order_number, tuple(ReleaseFacts(pid, fen) for pid, fen in sorted(matured.items())))


def _payout(session: Session, about: str) -> PayoutEvent:
    row = settlement.payout_by_id(session, int(about))
    return PayoutEvent(PayoutFacts(row.number, row.amount_fen, row.fee_fen, row.tax_fen, row.settled_at))


# event -> what it says, and how that is found.
TELLERS: dict[str, tuple[type, Callable[[Session, str], Any]]] = {
    "order.paid": (OrderEvent, _order),
    "order.delivered": (OrderEvent, _order),
    "order.refunded": (RefundEvent, _refund),
    "dispute.opened": (DisputeEvent, _dispute),
    "commission.released": (ReleaseEvent, _release),
    "payout.paid": (PayoutEvent, _payout),
}


def relate(session: Session, event: str, about: str) -> Any:
    """What an event of the six says, as one of the classes above."""
    return TELLERS[event][1](session, about)
