"""The shop's words for what the payment inbox calls by a key."""

from flask_babel import lazy_gettext

VERDICTS = {
    "accepted": lazy_gettext("Accepted"),
    "duplicate": lazy_gettext("Repeated, nothing changed"),
    "malformed": lazy_gettext("Cannot be read"),
    "forged": lazy_gettext("Wrong signature"),
    "foreign": lazy_gettext("For another merchant"),
    "unknown": lazy_gettext("Unknown payment"),
    "wrong_channel": lazy_gettext("Came by another channel"),
    "wrong_method": lazy_gettext("Paid in another way"),
    "wrong_currency": lazy_gettext("Another currency"),
    "short": lazy_gettext("Paid too little"),
    "overpaid": lazy_gettext("Paid too much"),
    "not_paid": lazy_gettext("Not paid yet"),
    "reused_trade": lazy_gettext("This transfer paid another order"),
    "double_paid": lazy_gettext("Paid twice"),
    "late": lazy_gettext("Paid too late"),
    "unconfirmed": lazy_gettext("To be confirmed by the provider"),
    "failed": lazy_gettext("Could not be settled yet"),
    "parked": lazy_gettext("Refund that came before its payment"),
    "refund_unfit": lazy_gettext("A refund that fits no order"),
}
SOURCES = {
    "callback": lazy_gettext("the provider called"),
    "return": lazy_gettext("the buyer came back"),
    "query": lazy_gettext("the shop asked"),
    "replay": lazy_gettext("judged once more"),
    "hand": lazy_gettext("confirmed by hand"),
}
STRAY_STATES = {
    "open": lazy_gettext("Waits for you"),
    "refunding": lazy_gettext("On its way back"),
    "doubtful": lazy_gettext("Not known whether it went back: please look"),
    "attached": lazy_gettext("Attached to an order"),
    "refunded": lazy_gettext("Sent back"),
    "closed": lazy_gettext("Dealt with"),
}
DECISIONS = {
    "attached": lazy_gettext("attached the money to an order"),
    "refunding": lazy_gettext("had the money sent back"),
    "refunded": lazy_gettext("noted that the money is back"),
    "doubtful": lazy_gettext("gave no clear answer"),
    "open": lazy_gettext("put it back into the queue"),
    "closed": lazy_gettext("noted that nothing has to be done"),
    "replayed": lazy_gettext("had it judged once more"),
}
DIFFERENCES = {
    "not_here": lazy_gettext("Only the statement has it"),
    "not_there": lazy_gettext("Only we have it"),
    "amount": lazy_gettext("The amounts differ"),
}
