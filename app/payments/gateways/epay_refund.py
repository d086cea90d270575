"""Sending money back through an EPay provider: `api.php?act=refund`, by POST, so that the key stands in no address.

It is not idempotent: the same request sent twice may be two refunds. So it is sent once, and whatever is not a plain yes or a
plain no is doubtful. Providers disagree on what a yes is: most document code 1; 彩虹易支付 answers code 0 with the refund's number.
"""

import re
from collections.abc import Mapping
from typing import Any

from app.money import yuan
from app.payments.gateways.epay_http import call
from app.payments.gateways.gateway import GatewayUnreachable, NotSent, RefundAnswer, RefundWanted, Settings

_REFUSED = re.compile(r"-[1-9][0-9]{0,5}|[2-9][0-9]{0,5}|1[0-9]{1,5}", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


def send_refund(settings: Settings, wanted: RefundWanted) -> RefundAnswer:
    """Ask the provider to send `amount_fen` of a payment back. Raises NotSent when no connection was made."""
    form = {
        "pid": settings["merchant_id"],
        "key": settings["key"],
        "trade_no": wanted.trade_number,
        "out_trade_no": wanted.payment_number,
        "money": yuan(wanted.amount_fen),
    }
    try:
        answer = call("POST", f"{settings['api_url']}api.php?act=refund", form)
    except NotSent:
        raise
    except GatewayUnreachable as error:
        return RefundAnswer("doubtful", reason=str(error))
    if answer.get("trade_no", wanted.trade_number) != wanted.trade_number:
        return RefundAnswer("doubtful", reason="its answer is about another payment")
    return _read(answer, settings["key"])


def _read(answer: Mapping[str, Any], key: str) -> RefundAnswer:
    code, number, reason = answer.get("code"), answer.get("refund_no"), words(answer.get("msg"), key)
    reference = number if isinstance(number, str) and _NUMBER.fullmatch(number) else None
    if code == "1" or (code == "0" and reference):
        return RefundAnswer("done", reference, reason)
    if isinstance(code, str) and _REFUSED.fullmatch(code):
        return RefundAnswer("failed", reason=reason or f"it answers code {code}")
    return RefundAnswer("doubtful", reference, reason or "its answer says neither yes nor no")


def words(message: object, key: str) -> str:
    """What the provider says, on one line, without what must not be shown."""
    if not isinstance(message, str):
        return ""
    return "".join(letter if letter.isprintable() else " " for letter in message).replace(key, "…").strip()[:200]
