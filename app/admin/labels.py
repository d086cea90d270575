"""The shop's words for what the database calls by a key."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.admin.inbox_labels import DECISIONS as DECISIONS
from app.admin.inbox_labels import DIFFERENCES as DIFFERENCES
from app.admin.inbox_labels import SOURCES as SOURCES
from app.admin.inbox_labels import STRAY_STATES as STRAY_STATES
from app.admin.inbox_labels import VERDICTS as VERDICTS
from app.display import percent
from app.display import rule as rule
from app.money import yuan
from app.orders import Order
from app.referral import Reward

PRODUCT_STATES = {
    "draft": lazy_gettext("Off the shelf"),
    "published": lazy_gettext("On sale"),
    "archived": lazy_gettext("Archived"),
}
VESTING = {
    "instant": lazy_gettext("At once, like a code"),
    "validity": lazy_gettext("For some days"),
    "use_count": lazy_gettext("A number of times"),
    "first_use": lazy_gettext("From the first use on"),
}
VESTING_HINTS = {
    "instant": lazy_gettext("Codes, files and the like: earned when the days of holding are over."),
    "validity": lazy_gettext("Memberships: earned day by day."),
    "use_count": lazy_gettext(
        "Lessons, credits: earned use by use, as you record them on the order’s page. Days may be blank."
    ),
    "first_use": lazy_gettext(
        "Vouchers: you or the buyer activate it, and its days begin. It waits as many days for it; blank: 90, and no end then."
    ),
}
# Lists of orders that are no state of theirs.
ORDER_QUEUES = {"undelivered": lazy_gettext("Paid, not delivered"), "refunded": lazy_gettext("Refunded")}
DELIVERIES = {"handed_over": lazy_gettext("handed over by hand"), "replaced": lazy_gettext("a code was replaced")}
USES = {"activation": lazy_gettext("Activated"), "use": lazy_gettext("Used")}
MOTIFS = {
    "rings": lazy_gettext("Rings"),
    "waves": lazy_gettext("Waves"),
    "grid": lazy_gettext("Squares"),
    "peaks": lazy_gettext("Peaks"),
    "leaves": lazy_gettext("Leaves"),
    "orbit": lazy_gettext("Orbits"),
}
ORDER_STATES = {
    "pending": lazy_gettext("Waiting for payment"),
    "paid": lazy_gettext("Payment received"),
    "expired": lazy_gettext("Expired"),
    "cancelled": lazy_gettext("Cancelled"),
}
DISPUTE_STATES = {
    "open": lazy_gettext("Waiting for the shop"),
    "evidence": lazy_gettext("Being looked into"),
    "decided": lazy_gettext("Decided, not final yet"),
    "appeal": lazy_gettext("Appealed"),
    "final": lazy_gettext("Closed"),
    "withdrawn": lazy_gettext("Withdrawn"),
}
PAYOUT_NOTES = {"payee shown": lazy_gettext("Looked at the account"), "batch": lazy_gettext("In a file for the bank")}
PAYOUT_NOTES |= {"transfer": lazy_gettext("By Alipay's interface")}
CARD_STATES = {
    "available": lazy_gettext("on the shelf"),
    "reserved": lazy_gettext("reserved"),
    "sold": lazy_gettext("handed over"),
    "faulty": lazy_gettext("faulty"),
}
COMMISSION_STATES = {
    "held": lazy_gettext("Held"),
    "partial": lazy_gettext("Partly released"),
    "available": lazy_gettext("Released"),
    "frozen": lazy_gettext("Frozen"),
    "reversed": lazy_gettext("Taken back"),
}
CAUSES = {
    "dispute": lazy_gettext("in dispute"),
    "flag": lazy_gettext("a risk flag waits for you"),
    "suspension": lazy_gettext("the distributor is suspended"),
    "ban": lazy_gettext("the distributor is banned"),
}
REFUND_STATES = {
    "pending": lazy_gettext("On its way"),
    "done": lazy_gettext("Refunded"),
    "failed": lazy_gettext("Failed, nothing was sent"),
    "doubtful": lazy_gettext("Not known: please look"),
}
REFUND_WAYS = {
    "gateway": lazy_gettext("through the payment channel"),
    "hand": lazy_gettext("by hand"),
    "provider": lazy_gettext("at the provider"),
}
PAYOUT_STATES = {
    "requested": lazy_gettext("Asked for"),
    "approved": lazy_gettext("Approved"),
    "processing": lazy_gettext("Being sent"),
    "paid": lazy_gettext("Paid out"),
    "failed": lazy_gettext("Could not be sent"),
    "rejected": lazy_gettext("Rejected"),
    "cancelled": lazy_gettext("Withdrawn"),
    "returned": lazy_gettext("Came back"),
}
METHODS = {
    "alipay": lazy_gettext("Alipay"),
    "wxpay": lazy_gettext("WeChat Pay"),
    "qqpay": lazy_gettext("QQ Wallet"),
    "bank": lazy_gettext("Bank transfer"),
}
PAYOUT_METHODS = {
    "alipay": lazy_gettext("Alipay"),
    "wechat": lazy_gettext("WeChat"),
    "bank": lazy_gettext("Bank account"),
}
_CASE = re.compile(r"dispute ([0-9A-Z]+)")
UPLINES = {
    "edge": lazy_gettext("The buyer came through somebody before."),
    "cookie": lazy_gettext("The buyer came by an invitation, and this order bound them."),
}
REFUSALS = {
    "self_node": lazy_gettext("No commission: the inviter is the buyer."),
    "self_contact": lazy_gettext("No commission: inviter and buyer have the same contact."),
    "self_device": lazy_gettext("No commission: inviter and buyer use the same device."),
    "self_payee": lazy_gettext("No commission: inviter and buyer are paid to the same account."),
    "paid_before": lazy_gettext("No commission: the buyer bought here before the invitation."),
    "not_qualified": lazy_gettext("No commission: the inviter may not earn."),
    "cooldown": lazy_gettext("No commission: the buyer left an inviter, and may not be bound anew yet."),
    "circle": lazy_gettext("No commission: the inviter came through the buyer."),
}


def order_state(order: Order, back_fen: int) -> str:
    """How an order is, of which `back_fen` went back, as its page says it."""
    if back_fen:
        return _("Partly refunded") if back_fen < order.total_fen else _("Refunded")
    if order.state == "paid" and order.delivered_at is None:
        return _("Paid, not delivered")
    return str(ORDER_STATES[order.state])


def refund_reason(reason: str) -> str:
    """Why something was refunded: what a dispute decided is told in words, what somebody wrote stays as it is."""
    case = _CASE.fullmatch(reason)
    return _("As dispute %(number)s was settled", number=case[1]) if case else reason


def reward(given: Reward) -> str:
    """What a rule gives, as short as can be: "10%" or "¥3.00 each"."""
    if given.rate_bps is not None:
        return f"{percent(given.rate_bps)}%"
    return _("¥%(amount)s each", amount=yuan(given.fixed_fen or 0))
