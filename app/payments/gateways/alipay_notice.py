"""Reading what Alipay sends: a form whose sorted parameters it signed (Alipay's documents, "asynchronous notice").

Verified are, in this order, the shape, the signature by Alipay's key, and then by whoever judges: application and merchant, our number,
the amount.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from app.money import parse_fen
from app.payments.gateways.gateway import Notice, Reading

FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 65536
MOST_FIELDS = 80
PAID = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})
METHOD = "alipay"
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9A-Za-z+/]{340,700}={0,2}", re.ASCII)
_UNSIGNED = ("sign", "sign_type")


class _Malformed(Exception):
    pass


def read_notice(notice: Notice, key: RSAPublicKey | None) -> Reading:
    """What a notice, or the address that a buyer comes back by, says. Without a key nothing verifies. Never raises."""
    try:
        parameters = _parameters(notice)
        number = _word(parameters, "out_trade_no")
        _check_shape(parameters)
    except _Malformed as error:
        return Reading("malformed", str(error))
    if key is None or not _is_signed(parameters, key):
        return Reading("forged", "the signature is wrong", payment_number=number)
    try:
        return _read(parameters, notice)
    except _Malformed as error:
        return Reading("malformed", str(error), payment_number=number)


def merchant_of(app_id: str, seller_id: str) -> str:
    """Application and merchant in one: a notice has to name both."""
    return f"{app_id}/{seller_id}"


def _parameters(notice: Notice) -> dict[str, str]:
    if notice.method == "GET":
        part = notice.query
    elif notice.method == "POST" and notice.content_type.partition(";")[0].strip().lower() == FORM:
        part = notice.body
        if notice.query:
            raise _Malformed("the address has parameters of its own")
    else:
        raise _Malformed("it is no form")
    if len(part) > MOST_BYTES:
        raise _Malformed("the notice is too long")
    try:
        text = part.decode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise _Malformed("the parameters cannot be read") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise _Malformed("a parameter comes twice")
    return dict(pairs)


def _check_shape(parameters: Mapping[str, str]) -> None:
    if parameters.get("sign_type") != "RSA2":
        raise _Malformed("the sign type is not RSA2")
    if parameters.get("charset", "utf-8").lower() != "utf-8":
        raise _Malformed("the charset is not utf-8")
    if not _SIGNATURE.fullmatch(parameters.get("sign", "")):
        raise _Malformed("the signature has not the shape of one")


def _is_signed(parameters: Mapping[str, str], key: RSAPublicKey) -> bool:
    signed = "&".join(f"{name}={value}" for name, value in sorted(parameters.items()) if name not in _UNSIGNED)
    try:
        key.verify(base64.b64decode(parameters["sign"], validate=True), signed.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error):
        return False
    return True


def _read(parameters: Mapping[str, str], notice: Notice) -> Reading:
    for name in ("app_id", "seller_id", "out_trade_no", "trade_no"):
        if _word(parameters, name) is None:
            raise _Malformed(f"{name} is missing or malformed")
    amount_fen = _amount(parameters, "total_amount")
    if amount_fen is None:
        raise _Malformed("total_amount is not an amount")
    # The address that a browser comes back by carries no status: it may be shown, and Alipay is asked before it is believed.
    returned = notice.method == "GET"
    reading = Reading(
        "valid",
        "a return is confirmed by asking" if returned else "",
        merchant=merchant_of(parameters["app_id"], parameters["seller_id"]),
        payment_number=parameters["out_trade_no"],
        trade_number=parameters["trade_no"],
        amount_fen=amount_fen,
        method=METHOD,
        paid=returned or parameters.get("trade_status") in PAID,
        needs_query=returned,
    )
    return reading if returned else _with_refund(reading, parameters)


def _with_refund(reading: Reading, parameters: Mapping[str, str]) -> Reading:
    """A notice of a refund also arrives as TRADE_SUCCESS, or as TRADE_CLOSED once all went back; `refund_fee` is what went in all.

    Nothing in it says surely who asked for the refund (`out_biz_no` may be the trade's own number), so the total alone counts. It
    only grows, and so it names the refund.
    """
    total_fen = _amount(parameters, "refund_fee")
    if total_fen is None and "refund_fee" in parameters:
        raise _Malformed("refund_fee is not an amount")
    if not total_fen:
        return reading
    # Short enough to be kept whole: a number of Alipay's has 28 digits.
    number = f"{parameters['trade_no'][:50]}-{total_fen}"
    return replace(reading, refund_number=number, refunded_fen=total_fen, refund_is_total=True)


def _amount(parameters: Mapping[str, str], name: str) -> int | None:
    try:
        return parse_fen(parameters.get(name, ""))
    except ValueError:
        return None


def _word(parameters: Mapping[str, str], name: str) -> str | None:
    value = parameters.get(name, "")
    return value if _NUMBER.fullmatch(value) else None
