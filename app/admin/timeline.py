"""An order's whole story in one list: what buyer, provider, shop and staff did, latest first."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app import audit, delivery, orders, payments, referral, settlement
from app.admin import actors, labels
from app.db import db
from app.display import level
from app.money import yuan
from app.orders import Order

# What the shop's people do to an order, as the log calls it.
ACTS = {
    "confirmation.create": lazy_gettext("Confirmed by hand"),
    "delivery.create": lazy_gettext("Handed over by hand"),
    "delivery.replace": lazy_gettext("A code was replaced"),
    "cancellation.create": lazy_gettext("Unpaid order cancelled"),
    "refund.create": lazy_gettext("Refund ordered"),
    "refund.settle": lazy_gettext("Refund settled by hand"),
    "use.create": lazy_gettext("A use was recorded"),
    "activation.create": lazy_gettext("Activated"),
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


def of_order(order: Order) -> tuple[list[Moment], dict[str, str]]:
    """(what happened, latest first; actor -> how a page calls them)."""
    told = sorted(_moments(order), key=lambda one: one.at, reverse=True)
    return told, actors.names(one.actor for one in told if one.actor)


def _moments(order: Order) -> Iterator[Moment]:
    yield Moment(order.created_at, _("Placed"), f"¥{yuan(order.total_fen)}", "buyer")
    if order.paid_at:
        yield Moment(order.paid_at, _("Paid"))
    if order.delivered_at:
        yield Moment(order.delivered_at, _("Goods handed over"))
    yield from _money(order)
    yield from _goods(order)
    yield from _quarrels(order)
    for note in orders.notes_of_order(db.session, order.id):
        yield Moment(note.created_at, _("Note"), note.text, f"account:{note.account_id}")
    for entry in audit.entries_of(db.session, f"order:{order.number}"):
        if entry.act in ACTS:
            yield Moment(entry.happened_at, str(ACTS[entry.act]), entry.reason, f"account:{entry.account_id}")


def _money(order: Order) -> Iterator[Moment]:
    for row in payments.payments_of_order(db.session, order.id):
        numbers = " · ".join(filter(None, (row.channel_name, row.Payment.number, row.Payment.trade_number)))
        yield Moment(row.Payment.created_at, _("Payment started"), numbers, "buyer")
    for notice in payments.notices_of_order(db.session, order.id):
        said = " · ".join(filter(None, (str(labels.VERDICTS[notice.verdict]), notice.reason)))
        yield Moment(notice.received_at, str(labels.SOURCES[notice.source]), said)
    for refund in orders.refunds_of_order(db.session, order.id):
        yield Moment(
            refund.created_at, _("Refund of ¥%(amount)s", amount=yuan(refund.amount_fen)), refund.reason, refund.actor
        )
        if refund.settled_at:
            yield Moment(
                refund.settled_at,
                _("Refund: %(state)s", state=labels.REFUND_STATES[refund.state]),
                refund.reference or "",
            )
    _attribution, shares = referral.explain_order(db.session, order.id)
    for row in shares:
        share = row.Commission
        earned = _("%(level)s earns ¥%(amount)s", level=level(share.level), amount=yuan(share.gross_fen))
        # It came into being with the payment that delivered the order, or soon after.
        yield Moment(order.delivered_at or order.paid_at or order.created_at, earned, row.payee_pid)


def _goods(order: Order) -> Iterator[Moment]:
    for event in delivery.deliveries_of_order(db.session, order.id):
        yield Moment(
            event.happened_at, _("Goods: %(kind)s", kind=labels.DELIVERIES[event.kind]), event.reason, event.actor
        )
    for event in delivery.events_of_order(db.session, order.id):
        yield Moment(
            event.happened_at,
            _("Activated") if event.kind == "activation" else _("Used: %(num)s", num=event.count),
            "",
            event.actor,
        )


def _quarrels(order: Order) -> Iterator[Moment]:
    for dispute in settlement.disputes_of_order(db.session, order.id):
        yield Moment(dispute.opened_at, _("Dispute opened"), dispute.number)
        if dispute.closed_at:
            yield Moment(dispute.closed_at, _("Dispute closed"), dispute.number)
