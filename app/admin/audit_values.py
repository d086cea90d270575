"""The words of the audit log for values that are keys elsewhere: states, ways, decisions."""

from collections.abc import Mapping

from flask_babel import lazy_gettext

from app.admin import labels, network_labels

CHANGED = {"changed": lazy_gettext("changed")}
STATES: Mapping[str, object] = {
    **labels.PRODUCT_STATES,
    **labels.PAYOUT_STATES,
    **labels.ORDER_STATES,
    "paid": labels.PAYOUT_STATES["paid"],
    **labels.DISPUTE_STATES,
    **labels.CARD_STATES,
    **network_labels.FLAG_STATES,
    **network_labels.STATES,
}
VALUES: Mapping[str, Mapping[str, object]] = {
    "state": STATES,
    "bucket": {name: words for name, (_account, words) in network_labels.BUCKETS.items()},
    "by": {
        "invitation": lazy_gettext("an invitation"),
        "link": lazy_gettext("a one-time link"),
        "password": lazy_gettext("the password"),
        "passkey": lazy_gettext("a passkey"),
        "code": lazy_gettext("a code"),
        "registration": lazy_gettext("registration"),
        "app": lazy_gettext("the app"),
        "recovery": lazy_gettext("a recovery code"),
    },
    "decision": {
        "buyer": lazy_gettext("The buyer gets back what they ask for"),
        "seller": lazy_gettext("Nothing goes back"),
        "split": lazy_gettext("A part goes back"),
        "adjust": lazy_gettext("The distributor is credited"),
        "refused": lazy_gettext("The claim is refused"),
    },
    "kind": {"app": lazy_gettext("the app")},
    "outcome": labels.REFUND_STATES,
    "way": labels.REFUND_WAYS,
    "vesting": labels.VESTING,
    **dict.fromkeys(("keys", *labels.METHODS), CHANGED),
}
REASONS = {"by an owner": lazy_gettext("by an owner"), "by the console": lazy_gettext("at the server’s console")}
