"""JSON of WeChat Pay, read strictly: objects whose names come once, ids, amounts and currencies of the right type."""

import json
import re
from collections.abc import Mapping
from typing import Any

MOST_FEN = 10**11
_NUMBER = re.compile(r"[0-9A-Za-z_|*@-]{1,64}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def parse_object(text: bytes) -> dict[str, Any] | None:
    """The JSON object that `text` is; None when it is anything else, or names something twice."""
    try:
        found = json.loads(text.decode(), parse_constant=_refuse, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def number_of(thing: Mapping[str, Any], name: str) -> str | None:
    """A number, ours or WeChat Pay's, which is a string."""
    value = thing.get(name)
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def fen_of(thing: Mapping[str, Any], name: str) -> int | None:
    """An amount of `amount` in fen; a truth value, a string or a number with a point is none."""
    amount = thing.get("amount")
    value = amount.get(name) if isinstance(amount, dict) else None
    return value if type(value) is int and 0 < value <= MOST_FEN else None


def currency_of(thing: Mapping[str, Any]) -> str | None:
    """The currency of `amount`."""
    amount = thing.get("amount")
    value = amount.get("currency") if isinstance(amount, dict) else None
    return value if isinstance(value, str) and _CURRENCY.fullmatch(value) else None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found
