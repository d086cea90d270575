"""The shop's words for what happens in the network."""

from flask_babel import lazy_gettext

REASON = lazy_gettext("Why (kept for ever)")
STATES = {
    "none": lazy_gettext("Buyer"),
    "qualified": lazy_gettext("Distributor"),
    "suspended": lazy_gettext("Suspended"),
    "banned": lazy_gettext("Banned"),
}
TONES = {"qualified": "badge-good", "suspended": "badge-held", "banned": "badge-loss"}
EVENTS = {
    "suspended": lazy_gettext("Suspended"),
    "lifted": lazy_gettext("Suspension lifted"),
    "banned": lazy_gettext("Banned"),
    "taken_back": lazy_gettext("Commission of fraud taken back"),
    "settled": lazy_gettext("The rest returned"),
    "rebound": lazy_gettext("Moved under another inviter"),
    "deleted": lazy_gettext("Deleted at their own wish"),
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
