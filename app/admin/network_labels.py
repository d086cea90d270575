"""The shop's words for what happens in the network."""

from flask_babel import lazy_gettext

from app import ledger

REASON = lazy_gettext("Why (kept for ever)")
CASE = lazy_gettext("Number of the dispute")
STATES = {
    "none": lazy_gettext("Buyer"),
    "qualified": lazy_gettext("Distributor"),
    "suspended": lazy_gettext("Suspended"),
    "banned": lazy_gettext("Banned"),
}
SORTS = {
    "newest": lazy_gettext("Newest"),
    "sales": lazy_gettext("Most sales"),
    "available": lazy_gettext("Most available"),
}
SIEVES = {
    "flagged": lazy_gettext("With an open flag"),
    "in_debt": lazy_gettext("In debt"),
    "many_refunds": lazy_gettext("Many refunds"),
}
TONES = {"qualified": "badge-good", "suspended": "badge-held", "banned": "badge-loss"}
EVENTS = {
    "granted": lazy_gettext("Right to earn granted"),
    "withdrawn": lazy_gettext("Right to earn withdrawn"),
    "suspended": lazy_gettext("Suspended"),
    "lifted": lazy_gettext("Suspension lifted"),
    "banned": lazy_gettext("Banned"),
    "taken_back": lazy_gettext("Commission of fraud taken back"),
    "settled": lazy_gettext("The rest returned"),
    "rebound": lazy_gettext("Moved under another inviter"),
    "deleted": lazy_gettext("Deleted at their own wish"),
    "written_off": lazy_gettext("Debt written off"),
}
SOURCES = {
    "registration": lazy_gettext("at registration"),
    "first_order": lazy_gettext("by a first order"),
    "claim": lazy_gettext("as the guest that they were"),
    "rebind": lazy_gettext("by a decision"),
}
ENDINGS = {
    "released": lazy_gettext("left of their own will"),
    "merged": lazy_gettext("joined with the account"),
    "banned": lazy_gettext("was banned"),
    "parent_banned": lazy_gettext("the inviter was banned"),
    "deleted": lazy_gettext("was deleted"),
    "parent_deleted": lazy_gettext("the inviter was deleted"),
    "rebound": lazy_gettext("moved by a decision"),
}
FLAG_STATES = {
    "open": lazy_gettext("To look at"),
    "cleared": lazy_gettext("Cleared"),
    "upheld": lazy_gettext("Fraud"),
}
FLAGS = {
    "network": lazy_gettext("Same network and browser as the inviter"),
    "mailbox": lazy_gettext("A mailbox for ten minutes"),
    "burst": lazy_gettext("Many newcomers from one source"),
    "refunds": lazy_gettext("Many refunds at this distributor"),
}
FLAG_MEANINGS = {
    "network": lazy_gettext(
        "Within a day the buyer and the inviter came from the same network with the same kind of browser. Families, offices "
        "and schools share networks: this alone proves nothing."
    ),
    "mailbox": lazy_gettext("The buyer’s e-mail domain gives mailboxes away for minutes."),
    "burst": lazy_gettext(
        "More than 20 people came to this inviter within a day, from one network and with the same kind of browser."
    ),
    "refunds": lazy_gettext(
        "At least a quarter of what this distributor’s buyers paid went back, and there were four buyers or more."
    ),
}
REBIND_STATES = {
    "proposed": lazy_gettext("Waits for a second person"),
    "done": lazy_gettext("Done"),
    "withdrawn": lazy_gettext("Dropped"),
}
BUCKETS = {
    "available": (ledger.AVAILABLE, lazy_gettext("Available")),
    "held": (ledger.HELD, lazy_gettext("Held")),
    "frozen": (ledger.FROZEN, lazy_gettext("Frozen")),
    "pending": (ledger.PENDING, lazy_gettext("On its way out")),
    "debt": (ledger.CLAWBACK_DUE, lazy_gettext("Owed to the shop")),
}
POSTINGS = {
    "accrue": lazy_gettext("Commission of an order"),
    "mature": lazy_gettext("Its hold is over"),
    "freeze": lazy_gettext("Frozen"),
    "unfreeze": lazy_gettext("No longer frozen"),
    "reverse": lazy_gettext("Taken back"),
    "reinstate": lazy_gettext("Given back: a refund failed"),
    "payout": lazy_gettext("Payout asked for"),
    "payout_paid": lazy_gettext("Paid out"),
    "payout_refused": lazy_gettext("Payout rejected or withdrawn"),
    "payout_returned": lazy_gettext("A payout came back"),
    "offset": lazy_gettext("Debt paid with earnings"),
    "adjust": lazy_gettext("Adjusted by a decision"),
    "forfeit": lazy_gettext("Waived"),
    "write_off": lazy_gettext("Debt written off"),
    "paid": lazy_gettext("Spent in the shop"),
    "refund_sent": lazy_gettext("Came back from an order"),
}
