"""A merchant's account at an EPay provider: what its settings must look like before a channel may use them."""

import re
from collections.abc import Mapping
from typing import Any

from app.errors import N_
from app.payments.gateways.gateway import Field, Settings

MODES = ("submit", "mapi")
FIELDS = (
    Field("api_url", N_("The provider's address"), "address", N_("For example https://pay.example.com/")),
    Field("merchant_id", N_("Merchant id (PID)"), most=32),
    Field("key", N_("Key"), "secret", N_("At least 16 characters."), most=200),
    Field(
        "mode",
        N_("How payments start"),
        "choice",
        options=(
            ("submit", N_("submit.php: the buyer goes to the provider's page")),
            ("mapi", N_("mapi.php: the shop shows the QR code itself")),
        ),
        default="submit",
    ),
    Field(
        "methods",
        N_("Ways to pay"),
        "choices",
        options=(("alipay", N_("Alipay")), ("wxpay", N_("WeChat Pay")), ("qqpay", N_("QQ Wallet"))),
        default=("alipay", "wxpay"),
    ),
    Field(
        "refunds",
        N_("The provider has opened refunds through its interface for this account"),
        "switch",
        N_(
            "Without it you send refunds yourself on the provider’s page, and note here that you did. "
            "Ask the provider whether your account has it."
        ),
    ),
)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# The example in the interface documents of most providers; whoever pastes it has a key that everybody knows.
PUBLISHED_KEYS = frozenset({"89unjub8hz54hj7x4nuj56hn4nuzuj8i", "202cb962ac59075b964b07152d234b70"})
FEWEST_CHARACTERS = 6
_KEY = re.compile(r"[!-~]{16,128}", re.ASCII)
_MERCHANT = re.compile(r"[0-9A-Za-z_-]{1,32}", re.ASCII)
_ADDRESS = re.compile(
    r"(https?)://([0-9A-Za-z](?:[0-9A-Za-z.-]{0,252})|\[::1\])(?::([0-9]{1,5}))?(?:/[0-9A-Za-z._~-]+)*/", re.ASCII
)
_FILLER = re.compile(
    r"(?:your|merchant|secret|private|password|placeholder|change|replace|insert|enter|paste|put|key|token|"
    r"example|sample|default|demo|test|todo|none|null|epay|here|with|this|real|me|my|the|is|xx+)+"
)


def check_account(settings: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with merchant id and key, which every account of this protocol has."""
    faults, key = check_merchant(settings), settings.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        faults["key"] = N_("Please enter the provider's key: at least 16 characters, without spaces.")
    elif _is_placeholder(key):
        faults["key"] = N_("This is a placeholder and not a key. Please copy the key from the provider's page.")
    return faults


def check_merchant(settings: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the merchant id."""
    merchant = settings.get("merchant_id")
    if isinstance(merchant, str) and _MERCHANT.fullmatch(merchant):
        return {}
    return {"merchant_id": N_("Please enter the merchant id (PID) that the provider gave you.")}


def check_provider(settings: Mapping[str, Any], methods: tuple[str, ...]) -> dict[str, str]:
    """What is wrong with the provider's address and the ways to pay, out of the `methods` there are."""
    faults = {}
    address = settings.get("api_url")
    if not isinstance(address, str) or not _is_address(address):
        faults["api_url"] = N_("Please enter the provider's address, from https:// to the last slash.")
    chosen = settings.get("methods")
    if not isinstance(chosen, list | tuple) or not chosen or not all(method in methods for method in chosen):
        faults["methods"] = N_("Please choose at least one way to pay.")
    return faults


def check_mode(settings: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the way in which payments start."""
    return {} if settings.get("mode") in MODES else {"mode": N_("Please choose submit or mapi.")}


def with_slash(settings: Settings) -> Settings:
    """Providers print their address with and without the last slash."""
    address = settings.get("api_url")
    if not isinstance(address, str) or not address or address.endswith(("/", ".php")):
        return settings
    return {**settings, "api_url": f"{address}/"}


def usable_key(settings: Mapping[str, Any]) -> str:
    """The key, or "" when it would not do: with that nothing verifies, however the settings came to be so (rule 2)."""
    return "" if "key" in check_account(settings) else str(settings["key"])


def _is_placeholder(key: str) -> bool:
    low = key.lower()
    letters = re.sub(r"[^a-z]", "", low)
    return (
        len(set(low)) < FEWEST_CHARACTERS
        or low in PUBLISHED_KEYS
        or low in "0123456789abcdefghijklmnopqrstuvwxyz" * 2
        or low in "1234567890" * 13
        or _FILLER.fullmatch(letters) is not None
    )


def _is_address(address: str) -> bool:
    # Matched and not parsed: urlsplit drops line breaks on the way, and what is stored would still have them.
    found = _ADDRESS.fullmatch(address)
    if found is None or len(address) > 300 or int(found[3] or 443) not in range(1, 65536):
        return False
    return found[1] == "https" or found[2].lower() in LOOPBACK
