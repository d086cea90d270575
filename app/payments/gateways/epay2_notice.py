"""Reading an EPay v2 notice: the shape of the first version's, RSA, and the time (guard, rules 6, 7, 13 and 14)."""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.money import parse_fen
from app.payments.gateways import epay_form, epay_notice
from app.payments.gateways.epay2_signature import SHAPE, SIGN_TYPE, is_signed, is_timely
from app.payments.gateways.epay_form import Malformed, word
from app.payments.gateways.gateway import Notice, Reading

KNOWN = epay_notice.KNOWN | {"timestamp", "api_trade_no", "addtime", "endtime", "buyer"}
OUTGOING_ONLY = epay_form.OUTGOING_ONLY | {"method", "auth_code", "sub_openid", "sub_appid", "channel_id"}


def read_notice(notice: Notice, key: RSAPublicKey | None, now: int) -> Reading:
    """What a notice says; without a key nothing verifies. Malformed and forged ones keep the payment number that they name.

    A good signature of another time is not believed, but reason enough to ask the provider.
    """
    try:
        parameters = epay_form.parameters_of(notice)
    except Malformed as error:
        return Reading("malformed", str(error))
    number, trade_number = word(parameters, "out_trade_no"), word(parameters, "trade_no")
    fault = _fault(parameters)
    if fault is None and not is_signed(parameters, key):
        return Reading("forged", "the signature is wrong", payment_number=number)
    if fault is None and not is_timely(parameters, now):
        fault = "the timestamp is not of these minutes", True
    if fault:
        reason, asks = fault
        return Reading("malformed", reason, payment_number=number, trade_number=trade_number, needs_query=asks)
    unknown = parameters.keys() - KNOWN
    return Reading(
        "valid",
        epay_form.unknown_keys(unknown),
        merchant=parameters["pid"],
        payment_number=number,
        trade_number=trade_number,
        amount_fen=parse_fen(parameters["money"]),
        method=parameters["type"],
        paid=parameters.get("trade_status") == "TRADE_SUCCESS",
        needs_query=bool(unknown) or bool(parameters.get("param")),
    )


def _fault(parameters: Mapping[str, str]) -> tuple[str, bool] | None:
    """(what is wrong with the shape, whether the provider should be asked about the payment)."""
    foreign = epay_form.foreign_fault(parameters, OUTGOING_ONLY)
    if foreign:
        return foreign
    if parameters.get("sign_type") != SIGN_TYPE:
        return "the sign type is not RSA", False
    if not SHAPE.fullmatch(parameters.get("sign", "")):
        return "the signature has not the shape of one", False
    wrong = epay_form.payment_fault(parameters)
    return (wrong, False) if wrong else None
