"""What the audit log calls by a key, in words: roles, what was done to what, and values as people read them."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.display import moment, percent
from app.money import yuan

ROLES = {
    "owner": lazy_gettext("Owner"),
    "manager": lazy_gettext("Manager"),
    "support": lazy_gettext("Support"),
    "finance": lazy_gettext("Finance"),
    "arbitrator": lazy_gettext("Arbitrator"),
}
NOUNS = {
    "account": lazy_gettext("Account"),
    "api_key": lazy_gettext("API key"),
    "answer": lazy_gettext("Answer of a buyer"),
    "backup": lazy_gettext("Backup"),
    "batch": lazy_gettext("Batch of codes"),
    "card": lazy_gettext("Code"),
    "claim": lazy_gettext("Claim"),
    "category": lazy_gettext("Category"),
    "channel": lazy_gettext("Payment channel"),
    "confirmation": lazy_gettext("Payment by hand"),
    "delivery": lazy_gettext("Delivery"),
    "dispute": lazy_gettext("Dispute"),
    "factor": lazy_gettext("Second factor"),
    "flag": lazy_gettext("Flag"),
    "invitation": lazy_gettext("Invitation"),
    "entry": lazy_gettext("Audit log"),
    "node": lazy_gettext("Person in the network"),
    "notice": lazy_gettext("Payment inbox"),
    "posting": lazy_gettext("Statement"),
    "commission": lazy_gettext("Commission"),
    "message": lazy_gettext("Message"),
    "order": lazy_gettext("Order"),
    "outlet": lazy_gettext("Message channel"),
    "passkey": lazy_gettext("Passkey"),
    "password": lazy_gettext("Password"),
    "payee": lazy_gettext("Payee"),
    "payout": lazy_gettext("Payout"),
    "product": lazy_gettext("Product"),
    "rate": lazy_gettext("Rate"),
    "recovery_codes": lazy_gettext("Recovery codes"),
    "refund": lazy_gettext("Refund"),
    "role": lazy_gettext("Role"),
    "session": lazy_gettext("Log-in"),
    "setting": lazy_gettext("Settings"),
    "text": lazy_gettext("Text"),
    "tier": lazy_gettext("Tier"),
}
VERBS = {
    "create": lazy_gettext("added"),
    "update": lazy_gettext("changed"),
    "destroy": lazy_gettext("removed"),
    "reveal": lazy_gettext("shown in full"),
    "export": lazy_gettext("exported"),
    "test": lazy_gettext("tried out"),
    "disable": lazy_gettext("shut out"),
    "enable": lazy_gettext("let in again"),
    "confirm": lazy_gettext("confirmed"),
    "refuse": lazy_gettext("refused"),
    "publish": lazy_gettext("published"),
    "restore": lazy_gettext("restored"),
}
WHOLE = {
    "session.create": lazy_gettext("Logged in"),
    "session.destroy": lazy_gettext("Logged out"),
    "session.prove": lazy_gettext("Showed once more who they are"),
    "session.refuse": lazy_gettext("Many wrong passwords"),
    "factor.refuse": lazy_gettext("Many wrong codes after a right password"),
    "factor.create": lazy_gettext("Second factor turned on"),
    "factor.destroy": lazy_gettext("Second factor turned off"),
    "password.forget": lazy_gettext("A link for a new password was asked for"),
    "cancellation.create": lazy_gettext("Unpaid order cancelled"),
    "recovery_codes.create": lazy_gettext("New recovery codes"),
    "card.import": lazy_gettext("Codes imported"),
    "card.bin": lazy_gettext("Codes taken off the shelf"),
    "card.restore": lazy_gettext("Codes put back on the shelf"),
    "card.faulty": lazy_gettext("Codes marked as faulty"),
    "card.move": lazy_gettext("Codes moved to another product"),
    "card.destroy": lazy_gettext("Codes destroyed"),
}
TRUTHS = {True: lazy_gettext("yes"), False: lazy_gettext("no")}


def act_in_words(act: str) -> str:
    """ "product.update" as "Product: changed"; what has no words stays as it is."""
    if act in WHOLE:
        return str(WHOLE[act])
    noun, _dot, verb = act.partition(".")
    if verb not in VERBS:
        return act
    return _("%(noun)s: %(verb)s", noun=NOUNS.get(noun, noun.replace("_", " ")), verb=VERBS[verb])


def value_in_words(name: str, value: Any) -> str:
    """A value as people read it: money in yuan, rates in per cent, moments in Shanghai's time."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(TRUTHS[value])
    if isinstance(value, int):
        if name.endswith("_fen"):
            return f"¥{yuan(value)}"
        if name.endswith("_bps"):
            return f"{percent(value)}%"
        if name.endswith("_at"):
            return moment(value)
    if name == "role" and value in ROLES:
        return str(ROLES[value])
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
