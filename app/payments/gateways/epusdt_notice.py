"""What a USDT relay signs: MD5 of the sorted `k=v` of what is not empty, joined by &, and the token behind it (epusdt, wiki/API.md).

Numbers are signed in the shortest form, without trailing zeros, and are kept as they were spelled until then.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from app.money import parse_fen
from app.payments.gateways.gateway import Notice, Reading

MOST_BYTES = 65536
PAID, METHOD = "2", "usdt"
_HEX = re.compile(r"[0-9a-f]{32}", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,8})?", re.ASCII)


class Spelled(str):
    """A number of a JSON text, as it was spelled."""


class Unreadable(Exception):
    """The text is no plain JSON object of words and numbers."""


def read_object(body: bytes) -> dict[str, str]:
    """A flat JSON object; its numbers keep their spelling, null is empty. Raises Unreadable."""
    try:
        found = json.loads(
            body.decode(), parse_float=Spelled, parse_int=Spelled, parse_constant=_refuse, object_pairs_hook=_once
        )
    except (ValueError, RecursionError, Unreadable):
        raise Unreadable("it is no JSON") from None
    if not isinstance(found, dict):
        raise Unreadable("it is no object")
    values = {name: "" if value is None else value for name, value in found.items()}
    if not all(isinstance(value, str) for value in values.values()):
        raise Unreadable("a value is neither a word nor a number")
    return values


def sign(values: Mapping[str, str], token: str) -> str:
    """The signature, 32 lower-case hexadecimal digits."""
    pairs = ((name, _shortest(value)) for name, value in values.items() if name != "signature")
    text = "&".join(sorted(f"{name}={value}" for name, value in pairs if value != ""))
    return hashlib.md5(f"{text}{token}".encode(), usedforsecurity=False).hexdigest()


def is_signed(values: Mapping[str, str], token: str) -> bool:
    """Whether the signature is right; constant time once its shape is. An empty token signs nothing, and a number is no signature."""
    given = values.get("signature", "")
    if not token or isinstance(given, Spelled) or not _HEX.fullmatch(given):
        return False
    return hmac.compare_digest(given, sign(values, token))


def read_notice(notice: Notice, token: str, merchant: str) -> Reading:
    """What a notice says. It names no merchant: only who holds the account's token can have signed it. Never raises."""
    if (
        notice.method != "POST"
        or notice.query
        or notice.content_type.partition(";")[0].strip().lower() != "application/json"
    ):
        return Reading("malformed", "it is no JSON by POST")
    if len(notice.body) > MOST_BYTES:
        return Reading("malformed", "the notice is too long")
    try:
        values = read_object(notice.body)
    except Unreadable as error:
        return Reading("malformed", str(error))
    number, trade_number = (_word(values, name) for name in ("order_id", "trade_id"))
    if not is_signed(values, token):
        return Reading("forged", "the signature is wrong", payment_number=number)
    amount_fen = amount_of(values.get("amount", ""))
    if number is None or trade_number is None or amount_fen is None:
        return Reading("malformed", "order_id, trade_id or amount is missing or malformed", payment_number=number)
    return Reading(
        "valid",
        merchant=merchant,
        payment_number=number,
        trade_number=trade_number,
        # The order's amount, and not the coins: those are rounded and made unique by the relay.
        amount_fen=amount_fen,
        method=METHOD,
        paid=values.get("status") == PAID,
    )


def amount_of(text: str) -> int | None:
    """Fen of an amount as a relay spells it, None where it is none: 42, 42.5 and 42.50 are one amount."""
    if not _AMOUNT.fullmatch(text):
        return None
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    if len(part) > 2:
        return None
    try:
        return parse_fen(f"{whole}.{part:0<2}")
    except ValueError:
        return None


def _shortest(value: str) -> str:
    if isinstance(value, Spelled) and "." in value and _AMOUNT.fullmatch(value):
        return value.rstrip("0").rstrip(".")
    return value


def _word(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name, "")
    return value if _NUMBER.fullmatch(value) else None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a name comes twice")
    return found
