"""The forms of EPay, of both versions: what we send to start a payment, and the parameters of a notice, read strictly."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from app.money import parse_fen, yuan
from app.payments.gateways.gateway import Notice, Settings, Wanted

# Only the forms that we send have these: a notice that bears one is a form of ours, thrown back at us.
OUTGOING_ONLY = frozenset({"notify_url", "return_url", "sitename", "clientip", "device"})
MOST_FIELDS = 40
MOST_BYTES = 65536
LONGEST_VALUE = 2000
FORM = "application/x-www-form-urlencoded"
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


class Malformed(Exception):
    """The notice has not the shape of one; says why without repeating any of its values."""


def outgoing(settings: Settings, wanted: Wanted) -> dict[str, str]:
    """The form that starts a payment. No text of a buyer is in it: the string to sign is not escaped (rule 13)."""
    form = {
        "pid": settings["merchant_id"],
        "type": wanted.method,
        "out_trade_no": wanted.payment_number,
        "notify_url": wanted.notify_url,
        "return_url": wanted.return_url,
        "name": f"订单 {wanted.payment_number}",
        "money": yuan(wanted.amount_fen),
    }
    assert not any("&" in value for value in form.values()), "an & would let a signature speak for another form"
    return form


def parameters_of(notice: Notice) -> dict[str, str]:
    """The parameters of a GET, or of a POST of a form. Raises Malformed."""
    if notice.method not in ("GET", "POST"):
        raise Malformed("the method is neither GET nor POST")
    if notice.body and (notice.method == "GET" or notice.content_type.partition(";")[0].strip().lower() != FORM):
        raise Malformed("the body is not a form")
    if len(notice.query) + len(notice.body) > MOST_BYTES:
        raise Malformed("the notice is too long")
    pairs: list[tuple[str, str]] = []
    for part in (notice.query, notice.body):
        try:
            pairs += parse_qsl(
                part.decode("ascii"),
                keep_blank_values=True,
                strict_parsing=bool(part),
                errors="strict",
                max_num_fields=MOST_FIELDS,
            )
        except ValueError:
            raise Malformed("the parameters cannot be read") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise Malformed("a parameter comes twice")
    return dict(pairs)


def foreign_fault(parameters: Mapping[str, str], outgoing_only: frozenset[str]) -> tuple[str, bool] | None:
    """(what no notice of a provider's has, whether the provider should be asked about the payment)."""
    outgoing_keys = parameters.keys() & outgoing_only
    if outgoing_keys:
        return f"the key {min(outgoing_keys)} is of outgoing forms", True
    if any("&" in value or "&" in name or "=" in name for name, value in parameters.items()):
        return "a value holds &", True
    if any(len(value) > LONGEST_VALUE for value in parameters.values()):
        return "a value is too long", False
    return None


def payment_fault(parameters: Mapping[str, str]) -> str | None:
    """What is wrong with that which names the payment, and its amount."""
    for name in ("pid", "out_trade_no", "trade_no", "type"):
        if word(parameters, name) is None:
            return f"{name} is missing or malformed"
    return "money is not an amount" if amount(parameters, "money") is None else None


def word(parameters: Mapping[str, str], name: str) -> str | None:
    """A number or a name of the provider's: letters, digits, - and _ only."""
    value = parameters.get(name, "")
    return value if _NUMBER.fullmatch(value) else None


def amount(parameters: Mapping[str, str], name: str) -> int | None:
    """An amount in fen; None where it cannot be read."""
    try:
        return parse_fen(parameters.get(name, ""))
    except ValueError:
        return None


def unknown_keys(unknown: Iterable[str]) -> str:
    """Words about keys that nobody documented, empty where there are none; a log must stay one line."""
    # Escaped: a database may refuse a NUL in a text.
    names = ", ".join(ascii(name)[1:-1] for name in sorted(unknown))
    return f"unknown keys: {names}"[:200] if names else ""
