"""What Stripe's objects hold, read strictly: ids, amounts and currencies."""

import re
from collections.abc import Mapping
from typing import Any

# Their smallest unit is not the hundredth part (https://docs.stripe.com/currencies#minor-units); ISK, HUF, TWD and UGX are told
# in hundredths nevertheless.
NO_HUNDREDTHS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "JPY",
        "KMF",
        "KRW",
        "MGA",
        "PYG",
        "RWF",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
        "BHD",
        "JOD",
        "KWD",
        "OMR",
        "TND",
    ]
)
MOST_FEN = 10**11
_ID = re.compile(r"[a-z]{2,6}_[0-9A-Za-z_]{1,60}", re.ASCII)
_SESSION = re.compile(r"cs_(?:live|test)_[0-9A-Za-z]{1,110}", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)


def id_of(value: object) -> str | None:
    """The id that an object is named by, whether it stands there alone or as the whole object."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def session_id(value: object) -> str | None:
    """The id of a Checkout Session."""
    return value if isinstance(value, str) and _SESSION.fullmatch(value) else None


def currency_of(value: object) -> str:
    """A currency in capitals, as the shop writes it; "" when it is none, or one without hundredths."""
    told = value.upper() if isinstance(value, str) and _CURRENCY.fullmatch(value) else ""
    return "" if told in NO_HUNDREDTHS else told


def fen_of(value: object) -> int | None:
    """An amount in hundredths; a truth value or a number with a point is none."""
    return value if type(value) is int and 0 <= value <= MOST_FEN else None


def told_number(thing: Mapping[str, Any], name: str) -> str | None:
    """Our own number that an object carries among its metadata."""
    metadata = thing.get("metadata")
    return number_of(metadata.get(name)) if isinstance(metadata, dict) else None


def number_of(value: object) -> str | None:
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else None
