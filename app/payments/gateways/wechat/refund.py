"""Sending money back: a number sent twice is one refund, and WeChat Pay tells of it by that number.

https://pay.weixin.qq.com/doc/v3/merchant/4012791883 (request), 4012791884 (query). PROCESSING only says that the request was taken:
it can still end as CLOSED or ABNORMAL, so it stays doubtful until a notice or the merchant says more.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from app.payments.gateways.gateway import GatewayUnreachable, NotSent, RefundAnswer, RefundWanted
from app.payments.gateways.wechat.account import WechatAccount
from app.payments.gateways.wechat.call import Refused, TooMany, call
from app.payments.gateways.wechat.parse import currency_of, fen_of, number_of

UNKNOWN = "RESOURCE_NOT_EXISTS"
# Names of errors that say nothing of whether it was done.
UNSURE = ("SYSTEM_ERROR", "BIZERR_NEED_RETRY", "BANK_ERROR")
UNHEARD = "SIGN_ERROR"


def send_refund(account: WechatAccount, wanted: RefundWanted) -> RefundAnswer:
    """Ask WeChat Pay to send `amount_fen` of a payment back. Raises NotSent when it was not heard, or turned away unread."""
    content: dict[str, object] = {
        "transaction_id": wanted.trade_number,
        "out_refund_no": wanted.refund_number,
        "amount": {"refund": wanted.amount_fen, "total": wanted.paid_fen, "currency": wanted.currency},
    }
    if wanted.notify_url:
        content["notify_url"] = wanted.notify_url
    try:
        answer = _read(call(account, "POST", "/v3/refund/domestic/refunds", content, now=wanted.now), wanted)
    except Refused as no:
        if no.code == UNHEARD:
            return RefundAnswer("failed", reason=str(no))
        return _look(account, wanted, RefundAnswer("doubtful" if no.code in UNSURE else "failed", reason=str(no)))
    except TooMany as error:
        raise NotSent(str(error)) from None
    except NotSent:
        raise
    except GatewayUnreachable as error:
        return _look(account, wanted, RefundAnswer("doubtful", reason=str(error)))
    # Out of a balance it often arrives while we are still talking.
    return _look(account, wanted, answer) if answer.state == "doubtful" else answer


def _look(account: WechatAccount, wanted: RefundWanted, otherwise: RefundAnswer) -> RefundAnswer:
    """What WeChat Pay knows of the refund; `otherwise` where it knows nothing. A no is believed only if it knows nothing."""
    path = f"/v3/refund/domestic/refunds/{quote(wanted.refund_number, safe='')}"
    try:
        return _read(call(account, "GET", path, now=wanted.now), wanted)
    except Refused as no:
        if no.code == UNKNOWN:
            return otherwise
        reason = f"{otherwise.reason}; {no}"
    except GatewayUnreachable as error:
        reason = f"{otherwise.reason}; {error}"
    return RefundAnswer("doubtful", otherwise.reference, reason[:200])


def _read(told: Mapping[str, Any], wanted: RefundWanted) -> RefundAnswer:
    reference = number_of(told, "refund_id")
    names = (told.get("out_refund_no"), told.get("transaction_id"), fen_of(told, "refund"), currency_of(told))
    if reference is None or names != (wanted.refund_number, wanted.trade_number, wanted.amount_fen, wanted.currency):
        return RefundAnswer("doubtful", reason="its answer is about another refund")
    match told.get("status"):
        case "SUCCESS":
            return RefundAnswer("done", reference)
        case "CLOSED":
            return RefundAnswer("failed", reference, "the refund is closed at WeChat Pay")
        case "ABNORMAL":
            return RefundAnswer(
                "doubtful", reference, "it did not reach the buyer's bank; please see to it at WeChat Pay"
            )
    return RefundAnswer("doubtful", reference, "WeChat Pay is working on it and will tell how it went")
