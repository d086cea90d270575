"""Reading an EPay v1 notice: strict in shape before its hash is looked at (guard, rules 6, 7, 13 and 14)."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from app.money import parse_fen
from app.payments.gateways.gateway import Notice, Reading
from app.payments.gateways.signature import is_signed

KNOWN = frozenset(
    {"pid", "trade_no", "out_trade_no", "type", "name", "money", "trade_status", "param", "sign", "sign_type"}
)
# Only the forms that we send have these: a notice that bears one is a form of ours, thrown back at us.
OUTGOING_ONLY = frozenset({"notify_url", "return_url", "sitename", "clientip", "device"})
MOST_FIELDS = 40
MOST_BYTES = 65536
LONGEST_VALUE = 2000
# What a notice of a refund has besides; no EPay provider sends one, the test gateway does.
OF_REFUNDS = frozenset({"refund_no", "refund_money"})
FORM = "application/x-www-form-urlencoded"
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


class _Malformed(Exception):
    pass


def read_notice(notice: Notice, key: str, *, refunds: bool = False) -> Reading:
    """What an EPay notice says. Malformed and forged ones keep the payment number that they name, for the inbox.

    An empty `key` verifies nothing. `reason` never repeats a value of the notice. With `refunds`, a notice may tell of one.
    """
    try:
        parameters = _parameters(notice)
    except _Malformed as error:
        return Reading("malformed", str(error))
    number = _word(parameters, "out_trade_no")
    fault = _fault(parameters)
    if fault:
        reason, asks = fault
        return Reading(
            "malformed", reason, payment_number=number, trade_number=_word(parameters, "trade_no"), needs_query=asks
        )
    if not is_signed(parameters, key):
        return Reading("forged", "the signature is wrong", payment_number=number)
    tells_of_refund = refunds and parameters.get("trade_status") == "TRADE_REFUND"
    unknown = sorted(parameters.keys() - (KNOWN | OF_REFUNDS if tells_of_refund else KNOWN))
    refunded_fen = _amount(parameters, "refund_money") if tells_of_refund else None
    refund_number = _word(parameters, "refund_no") if tells_of_refund else None
    if tells_of_refund and not (refunded_fen and refund_number):
        return Reading("malformed", "refund_no or refund_money is missing or malformed", payment_number=number)
    return Reading(
        "valid",
        # Escaped: a database may refuse a NUL in a text, and a log must stay one line.
        f"unknown keys: {', '.join(ascii(name)[1:-1] for name in unknown)}"[:200] if unknown else "",
        merchant=parameters["pid"],
        payment_number=number,
        trade_number=_word(parameters, "trade_no"),
        amount_fen=parse_fen(parameters["money"]),
        method=parameters["type"],
        paid=parameters.get("trade_status") == "TRADE_SUCCESS",
        needs_query=bool(unknown) or bool(parameters.get("param")),
        refund_number=refund_number,
        refunded_fen=refunded_fen,
    )


def _amount(parameters: Mapping[str, str], name: str) -> int | None:
    try:
        return parse_fen(parameters.get(name, ""))
    except ValueError:
        return None


def _word(parameters: Mapping[str, str], name: str) -> str | None:
    value = parameters.get(name, "")
    return value if _NUMBER.fullmatch(value) else None


def _parameters(notice: Notice) -> dict[str, str]:
    if notice.method not in ("GET", "POST"):
        raise _Malformed("the method is neither GET nor POST")
    if notice.body and (notice.method == "GET" or notice.content_type.partition(";")[0].strip().lower() != FORM):
        raise _Malformed("the body is not a form")
    if len(notice.query) + len(notice.body) > MOST_BYTES:
        raise _Malformed("the notice is too long")
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
            raise _Malformed("the parameters cannot be read") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise _Malformed("a parameter comes twice")
    return dict(pairs)


def _fault(parameters: Mapping[str, str]) -> tuple[str, bool] | None:
    """(what is wrong with the shape, whether the provider should be asked about the payment)."""
    outgoing = parameters.keys() & OUTGOING_ONLY
    if outgoing:
        return f"the key {min(outgoing)} is of outgoing forms", True
    if any("&" in value or "&" in name or "=" in name for name, value in parameters.items()):
        return "a value holds &", True
    if any(len(value) > LONGEST_VALUE for value in parameters.values()):
        return "a value is too long", False
    if parameters.get("sign_type", "MD5") != "MD5":
        return "the sign type is not MD5", False
    if not re.fullmatch(r"[0-9a-f]{32}", parameters.get("sign", ""), re.ASCII):
        return "the signature has not the shape of one", False
    for name in ("pid", "out_trade_no", "trade_no", "type"):
        if _word(parameters, name) is None:
            return f"{name} is missing or malformed", False
    if _amount(parameters, "money") is None:
        return "money is not an amount", False
    return None
