"""An order's whole story in one list: what buyer, provider, shop and staff did, latest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app import audit, delivery, orders, payments, referral, settlement, stock
from app.admin import actors, labels
from app.db import AnyRow, db
from app.display import level
from app.money import yuan
from app.orders import Order

# What the shop's people do to an order, as the log calls it; what has a row of its own elsewhere is told from there.
ACTS = {
    "confirmation.create": lazy_gettext("Confirmed by hand"),
    "cancellation.create": lazy_gettext("Unpaid order cancelled"),
    "refund.settle": lazy_gettext("Refund settled by hand"),
    "chargeback.create": lazy_gettext("Chargeback noted"),
    "answer.reveal": lazy_gettext("Answers shown"),
    "contact.reveal": lazy_gettext("Contact shown whole"),
}


@dataclass(frozen=True)
class Moment:
    """One thing that happened: when, what, more about it, and who did it, as `actors.names` knows them."""

    at: int
    what: str
    more: str = ""
    actor: str = ""


def masked(deliveries: Sequence[AnyRow]) -> dict[int, str]:
    """card's id -> its code, masked, of the cards that were replaced and of those that replaced them."""
    pairs = [(one.old_card_id, one.new_card_id) for one in deliveries]
    return stock.masked_codes(db.session, {card_id for pair in pairs for card_id in pair if card_id})


def of_order(
    order: Order, deliveries: Sequence[AnyRow], masked: Mapping[int, str]
) -> tuple[list[Moment], dict[str, str]]:
    """(what happened, latest first; actor -> how a page calls them)."""
    # Of the same second what is told later came later.
    told = sorted([*_moments(order), *_goods(order, deliveries, masked)], key=lambda one: one.at)[::-1]
    return told, actors.names(one.actor for one in told if one.actor)


def _moments(order: Order) -> Iterator[Moment]:
    yield Moment(order.created_at, _("Order was placed"), f"¥{yuan(order.total_fen)}", "buyer")
    yield from _payments(order)
    if order.paid_at:
        yield Moment(order.paid_at, _("Order was paid"))
    if order.delivered_at:
        yield Moment(order.delivered_at, _("Goods handed over"))
    yield from _shares(order)
    disputes = settlement.disputes_of_order(db.session, order.id)
    for dispute in disputes:
        yield Moment(dispute.opened_at, _("Dispute opened"), dispute.number)
    yield from _refunds(order)
    for dispute in disputes:
        if dispute.closed_at:
            yield Moment(dispute.closed_at, _("Dispute closed"), dispute.number)
    for note in orders.notes_of_order(db.session, order.id):
        yield Moment(note.created_at, _("Note"), note.text, f"account:{note.account_id}")
    for entry in audit.entries_of(db.session, f"order:{order.number}"):
        if entry.act in ACTS:
            yield Moment(entry.happened_at, str(ACTS[entry.act]), entry.reason, f"account:{entry.account_id}")


def _payments(order: Order) -> Iterator[Moment]:
    for row in payments.payments_of_order(db.session, order.id):
        numbers = " · ".join(filter(None, (row.channel_name, row.Payment.number, row.Payment.trade_number)))
        yield Moment(row.Payment.created_at, _("Payment started"), numbers, "buyer")
    for notice in payments.notices_of_order(db.session, order.id):
        said = " · ".join(filter(None, (str(labels.VERDICTS[notice.verdict]), notice.reason)))
        yield Moment(notice.received_at, str(labels.SOURCES[notice.source]), said)


def _refunds(order: Order) -> Iterator[Moment]:
    for refund in orders.refunds_of_order(db.session, order.id):
        what = _("Refund of ¥%(amount)s", amount=yuan(refund.amount_fen))
        yield Moment(refund.created_at, what, labels.refund_reason(refund.reason), refund.actor)
        if refund.settled_at:
            yield Moment(
                refund.settled_at,
                _("Refund: %(state)s", state=labels.REFUND_STATES[refund.state]),
                refund.reference or "",
            )


def _shares(order: Order) -> Iterator[Moment]:
    _attribution, shares = referral.explain_order(db.session, order.id)
    for row in shares:
        share = row.Commission
        earned = _("%(level)s earns ¥%(amount)s", level=level(share.level), amount=yuan(share.gross_fen))
        # It came into being with the payment that delivered the order, or soon after.
        yield Moment(order.delivered_at or order.paid_at or order.created_at, earned, row.payee_pid)


def _goods(order: Order, deliveries: Sequence[AnyRow], masked: Mapping[int, str]) -> Iterator[Moment]:
    for event in deliveries:
        cards = f"{masked[event.old_card_id]} → {masked[event.new_card_id]}" if event.new_card_id else ""
        what = _("Goods: %(kind)s", kind=labels.DELIVERIES[event.kind])
        yield Moment(event.happened_at, what, " · ".join(filter(None, (cards, event.reason))), event.actor)
    for event in delivery.events_of_order(db.session, order.id):
        yield Moment(
            event.happened_at,
            _("Activated") if event.kind == "activation" else _("Used: %(num)s", num=event.count),
            "",
            event.actor,
        )
