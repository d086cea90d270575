"""An account at Stripe: its two secrets, and whether they belong to the live mode or to the test mode.

The shapes are those of https://docs.stripe.com/keys and https://docs.stripe.com/webhooks.
"""

import re
from collections.abc import Mapping
from typing import Any

from app.errors import N_
from app.payments.gateways.gateway import Field

API = "https://api.stripe.com/"
FIELDS = (
    Field(
        "secret_key",
        N_("Secret key"),
        "secret",
        N_("From “API keys” at Stripe: sk_live_… or rk_live_…; with a test key the shop takes no real money."),
    ),
    Field(
        "signing_secret",
        N_("Signing secret of the webhook"),
        "secret",
        N_("whsec_…, from the page of the webhook endpoint that you made for this channel."),
    ),
)
FEWEST_CHARACTERS = 8
# Printed in Stripe's own documentation for years; whoever pastes one has a key that everybody knows.
PUBLISHED = frozenset({"4eC39HqLyjWDarjtT1zdp7dc", "BQokikJOvBiI2HlWgH4olfQ2", "tR3PYbcVNZZ796tH88S4VQ2u"})
_KEY = re.compile(r"(?:sk|rk)_(live|test)_([0-9A-Za-z]{16,250})", re.ASCII)
_SIGNING = re.compile(r"whsec_([0-9A-Za-z+/=]{24,250})", re.ASCII)
_FILLER = re.compile(
    r"(?:your|secret|private|password|placeholder|change|replace|insert|enter|paste|put|key|token|stripe|webhook|signing|"
    r"example|sample|default|demo|test|live|todo|none|null|here|with|this|real|me|my|the|is|abc|xx+)+"
)
_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?/", re.ASCII)


def check_account(settings: Mapping[str, Any]) -> dict[str, str]:
    """field -> what is wrong with it, as an English msgid."""
    faults = {}
    key, signing = _rest(_KEY, settings.get("secret_key")), _rest(_SIGNING, settings.get("signing_secret"))
    if key is None:
        faults["secret_key"] = N_(
            "Please enter the secret key from Stripe: it begins with sk_ or rk_, then live_ or test_."
        )
    elif _is_placeholder(key):
        faults["secret_key"] = N_("This is an example and not a key of yours. Please copy the key from Stripe.")
    if signing is None:
        faults["signing_secret"] = N_("Please enter the signing secret of the webhook endpoint: it begins with whsec_.")
    elif _is_placeholder(signing):
        faults["signing_secret"] = N_(
            "This is an example and not a secret of yours. Please copy the secret from Stripe."
        )
    return faults


def signing_secret(settings: Mapping[str, Any]) -> str:
    """The secret of the webhook, or "" when it would not do: with that nothing verifies (guard, rule 2)."""
    return "" if "signing_secret" in check_account(settings) else str(settings["signing_secret"])


def is_live(settings: Mapping[str, Any]) -> bool:
    """Whether the key is of the live mode, where money is real."""
    found = _KEY.fullmatch(str(settings.get("secret_key")))
    return found is not None and found[1] == "live"


def mode(live: bool, account: object = None) -> str:
    """What a notice is for: the mode, and the connected account where it names one, which is never ours.

    Stripe puts no merchant's number into its events; the endpoint's secret stands for the account, and the mode is told apart
    by `livemode`. Only events about accounts connected to ours name an `account` (https://docs.stripe.com/connect/webhooks).
    """
    name = "live" if live else "test"
    return name if account is None else f"{name} {str(account)[:64]}"


def api(settings: Mapping[str, Any]) -> str:
    """Where Stripe is: its one address, or a stand-in on this machine."""
    address = settings.get("api_url")
    return address if isinstance(address, str) and _LOOPBACK.fullmatch(address) else API


def _rest(shape: re.Pattern[str], value: object) -> str | None:
    """What stands behind the prefix of a secret; None when it has not the shape of one."""
    found = shape.fullmatch(value) if isinstance(value, str) else None
    return found[found.re.groups] if found else None


def _is_placeholder(rest: str) -> bool:
    low = rest.lower()
    letters = re.sub(r"[^a-z]", "", low)
    return (
        len(set(low)) < FEWEST_CHARACTERS
        or rest in PUBLISHED
        or low in "0123456789abcdefghijklmnopqrstuvwxyz" * 2
        or low in "1234567890" * 26
        or _FILLER.fullmatch(letters) is not None
    )
