"""What the resource of a notice tells of: a payment, or a refund. The types are checked before anything is believed.

https://pay.weixin.qq.com/doc/v3/merchant/4012791882 (payment), 4012791886 (refund).
"""

from collections.abc import Callable
from typing import Any

from app.payments.gateways.gateway import Reading
from app.payments.gateways.wechat.account import WechatAccount
from app.payments.gateways.wechat.parse import currency_of, fen_of, number_of

METHOD = "wxpay"
Thing = dict[str, Any]


def merchant_of(app_id: str, merchant_id: str) -> str:
    """Application and merchant in one: a notice of a payment has to name both."""
    return f"{app_id}/{merchant_id}"


def _payment(account: WechatAccount, kind: str, thing: Thing) -> Reading:
    app_id, merchant_id = number_of(thing, "appid"), number_of(thing, "mchid")
    number, trade_number = number_of(thing, "out_trade_no"), number_of(thing, "transaction_id")
    fen, currency, state = fen_of(thing, "total"), currency_of(thing), thing.get("trade_state")
    if app_id is None or merchant_id is None or number is None or trade_number is None or not isinstance(state, str):
        return Reading("malformed", "it has not the shape of a payment", payment_number=number)
    if fen is None or currency is None:
        return Reading("malformed", "the amount cannot be read", payment_number=number)
    return Reading(
        "valid",
        merchant=merchant_of(app_id, merchant_id),
        payment_number=number,
        trade_number=trade_number,
        amount_fen=fen,
        currency=currency,
        method=METHOD,
        paid=state == "SUCCESS",
    )


def _refund(account: WechatAccount, kind: str, thing: Thing) -> Reading:
    """It names the merchant and no application; its amounts are in yuan, the one currency of refunds inside China."""
    merchant_id, refund_number = number_of(thing, "mchid"), number_of(thing, "refund_id")
    number, trade_number = number_of(thing, "out_trade_no"), number_of(thing, "transaction_id")
    fen, refunded_fen = fen_of(thing, "total"), fen_of(thing, "refund")
    if merchant_id is None or refund_number is None or number is None or trade_number is None:
        return Reading("malformed", "it has not the shape of a refund", payment_number=number)
    if fen is None or refunded_fen is None:
        return Reading("malformed", "the amount cannot be read", payment_number=number)
    status = kind.removeprefix("REFUND.")
    if thing.get("refund_status") != status:
        return Reading("malformed", "the refund's status is not the one of the notice", payment_number=number)
    merchant = merchant_of(account.app_id, merchant_id)
    if status == "ABNORMAL":
        # It is neither sent nor taken back: the merchant chooses another way for it at WeChat Pay.
        reason = f"refund {refund_number} did not reach the buyer's bank; please see to it at WeChat Pay"
        return Reading("valid", reason, merchant=merchant, payment_number=number, concerns_us=False)
    return Reading(
        "valid",
        merchant=merchant,
        payment_number=number,
        trade_number=trade_number,
        amount_fen=fen,
        method=METHOD,
        refund_number=refund_number,
        refunded_fen=refunded_fen,
        refund_failed=status == "CLOSED",
    )


KINDS: dict[str, Callable[[WechatAccount, str, Thing], Reading]] = {
    "TRANSACTION.SUCCESS": _payment,
    "REFUND.SUCCESS": _refund,
    "REFUND.ABNORMAL": _refund,
    "REFUND.CLOSED": _refund,
}
