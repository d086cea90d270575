"""Reading an EPay v1 notice: strict in shape before its hash is looked at (guard, rules 6, 7, 13 and 14)."""

import re
from collections.abc import Mapping

from app.money import parse_fen
from app.payments.gateways.epay_form import (
    OUTGOING_ONLY,
    Malformed,
    amount,
    foreign_fault,
    parameters_of,
    payment_fault,
    unknown_keys,
    word,
)
from app.payments.gateways.gateway import Notice, Reading
from app.payments.gateways.signature import is_signed

KNOWN = frozenset(
    {"pid", "trade_no", "out_trade_no", "type", "name", "money", "trade_status", "param", "sign", "sign_type"}
)
# What a notice of a refund has besides; no EPay provider sends one, the test gateway does.
OF_REFUNDS = frozenset({"refund_no", "refund_money"})


def read_notice(notice: Notice, key: str, *, refunds: bool = False) -> Reading:
    """What an EPay notice says. Malformed and forged ones keep the payment number that they name, for the inbox.

    An empty `key` verifies nothing. `reason` never repeats a value of the notice. With `refunds`, a notice may tell of one.
    """
    try:
        parameters = parameters_of(notice)
    except Malformed as error:
        return Reading("malformed", str(error))
    number = word(parameters, "out_trade_no")
    fault = _fault(parameters)
    if fault:
        reason, asks = fault
        return Reading(
            "malformed", reason, payment_number=number, trade_number=word(parameters, "trade_no"), needs_query=asks
        )
    if not is_signed(parameters, key):
        return Reading("forged", "the signature is wrong", payment_number=number)
    tells_of_refund = refunds and parameters.get("trade_status") == "TRADE_REFUND"
    unknown = parameters.keys() - (KNOWN | OF_REFUNDS if tells_of_refund else KNOWN)
    refunded_fen = amount(parameters, "refund_money") if tells_of_refund else None
    refund_number = word(parameters, "refund_no") if tells_of_refund else None
    if tells_of_refund and not (refunded_fen and refund_number):
        return Reading("malformed", "refund_no or refund_money is missing or malformed", payment_number=number)
    return Reading(
        "valid",
        unknown_keys(unknown),
        merchant=parameters["pid"],
        payment_number=number,
        trade_number=word(parameters, "trade_no"),
        amount_fen=parse_fen(parameters["money"]),
        method=parameters["type"],
        paid=parameters.get("trade_status") == "TRADE_SUCCESS",
        needs_query=bool(unknown) or bool(parameters.get("param")),
        refund_number=refund_number,
        refunded_fen=refunded_fen,
    )


def _fault(parameters: Mapping[str, str]) -> tuple[str, bool] | None:
    """(what is wrong with the shape, whether the provider should be asked about the payment)."""
    foreign = foreign_fault(parameters, OUTGOING_ONLY)
    if foreign:
        return foreign
    if parameters.get("sign_type", "MD5") != "MD5":
        return "the sign type is not MD5", False
    if not re.fullmatch(r"[0-9a-f]{32}", parameters.get("sign", ""), re.ASCII):
        return "the signature has not the shape of one", False
    wrong = payment_fault(parameters)
    return (wrong, False) if wrong else None
