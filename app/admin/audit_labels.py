"""What the audit log calls by a key, in words: roles, what was done to what, and values as people read them."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.admin.audit_acts import NOUNS, VERBS, WHOLE
from app.admin.audit_fields import FIELDS
from app.admin.audit_values import REASONS, VALUES
from app.display import level, moment, percent
from app.money import yuan

ROLES = {
    "owner": lazy_gettext("Owner"),
    "manager": lazy_gettext("Manager"),
    "support": lazy_gettext("Support"),
    "finance": lazy_gettext("Finance"),
    "arbitrator": lazy_gettext("Arbitrator"),
}
_SCOPE = re.compile(r"(shop|category|product_tier|product|tier):(\d*)")
_RATE = re.compile(r"((?:shop|category|product_tier|product|tier):\S+(?: tier:\d+)?) level (\d+)( renewal)?")
TRUTHS = {True: lazy_gettext("yes"), False: lazy_gettext("no")}


def act_in_words(act: str) -> str:
    """ "product.update" as "Product: changed"; what has no words (a later shop wrote it) stays as it is."""
    if act in WHOLE:
        return str(WHOLE[act])
    noun, _dot, verb = act.partition(".")
    if noun not in NOUNS or verb not in VERBS:
        return act
    return _("%(noun)s: %(verb)s", noun=NOUNS[noun], verb=VERBS[verb])


def name_in_words(name: str) -> str:
    """What changed: "amount_fen" as "Amount"; a rate and what a provider calls by a name of its own stay as they are."""
    rate = _RATE.fullmatch(name)
    if rate:
        told = [f"{FIELDS[scope]} {number}".strip() for scope, number in _SCOPE.findall(rate[1])]
        return " · ".join([*told, str(level(int(rate[2]))), *([str(FIELDS["renewal"])] if rate[3] else [])])
    return str(FIELDS.get(name, name))


def value_in_words(name: str, value: Any) -> str:
    """A value as people read it: money in yuan, rates in per cent, moments in Shanghai's time."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(TRUTHS[value])
    if isinstance(value, int):
        if name == "fen" or name.endswith("_fen"):
            return f"¥{yuan(value)}"
        if name.endswith("_bps"):
            return f"{percent(value)}%"
        if name.endswith("_at"):
            return moment(value)
    if name == "role" and value in ROLES:
        return str(ROLES[value])
    if isinstance(value, str) and value in VALUES.get(name, {}):
        return str(VALUES[name][value])
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def reason_in_words(reason: str) -> str:
    """What somebody wrote stays as it is; what the shop writes itself is told in words."""
    return str(REASONS.get(reason, reason))
