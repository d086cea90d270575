"""Starting a payment and asking after it: Native shows a code, H5 leads a phone's browser to WeChat's app.

https://pay.weixin.qq.com/doc/v3/merchant/4012791877 (Native), 4012791834 (H5), 4012791880 (query).
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

from app.payments.gateways.gateway import Asked, GatewayUnreachable, QueryResult, Start, Wanted
from app.payments.gateways.wechat.account import WechatAccount
from app.payments.gateways.wechat.call import Refused, call
from app.payments.gateways.wechat.parse import currency_of, fen_of, number_of
from app.payments.gateways.wechat.told import METHOD

# WeChat Pay's clock, wherever the shop stands.
_CHINA = timezone(timedelta(hours=8))
_CODE = re.compile(r"weixin://[0-9A-Za-z./?=&%_:~+-]{1,500}", re.ASCII)
_PAGE = re.compile(r"https://[0-9A-Za-z./?=&%_:~+-]{1,1000}", re.ASCII)
UNKNOWN = "ORDER_NOT_EXIST"


def start_order(account: WechatAccount, wanted: Wanted, *, h5: bool) -> Start:
    """Where the buyer pays: WeChat's page with `h5`, else a code. Raises GatewayUnreachable."""
    content = content_of(account, wanted)
    if h5:
        content["scene_info"] = {"payer_client_ip": wanted.client_address, "h5_info": {"type": "Wap"}}
    try:
        answer = call(account, "POST", f"/v3/pay/transactions/{'h5' if h5 else 'native'}", content, now=wanted.now)
    except Refused as no:
        raise GatewayUnreachable(f"it refuses: {no}") from None
    told = answer.get("h5_url" if h5 else "code_url")
    if not isinstance(told, str) or not (_PAGE if h5 else _CODE).fullmatch(told):
        raise GatewayUnreachable("its answer holds nothing to pay by")
    return Start(f"{told}&redirect_url={quote(wanted.return_url, safe='')}") if h5 else Start(None, told)


def content_of(account: WechatAccount, wanted: Wanted) -> dict[str, object]:
    """What WeChat Pay is told of a payment, however it is made."""
    return {
        "appid": account.app_id,
        "mchid": account.merchant_id,
        "description": f"订单 {wanted.payment_number}",
        "out_trade_no": wanted.payment_number,
        "time_expire": china_time(max(wanted.expires_at, wanted.now + 60)),
        "notify_url": wanted.notify_url,
        "amount": {"total": wanted.amount_fen, "currency": wanted.currency},
    }


def query_order(account: WechatAccount, asked: Asked) -> QueryResult:
    """Whether a payment was made; one that nobody started at WeChat Pay yet is not known there. Raises GatewayUnreachable."""
    try:
        answer = call(account, "GET", order_path(account, asked.payment_number), now=asked.now)
    except Refused as no:
        if no.code == UNKNOWN:
            return QueryResult(paid=False)
        raise GatewayUnreachable(f"it refuses: {no}") from None
    told = [answer.get(name) for name in ("appid", "mchid", "out_trade_no")]
    if told != [account.app_id, account.merchant_id, asked.payment_number]:
        raise GatewayUnreachable("its answer is about another payment")
    if answer.get("trade_state") != "SUCCESS":
        return QueryResult(paid=False)
    trade_number, fen, currency = number_of(answer, "transaction_id"), fen_of(answer, "total"), currency_of(answer)
    if trade_number is None or fen is None or currency is None:
        raise GatewayUnreachable("its answer lacks what a paid payment has")
    return QueryResult(True, trade_number, fen, METHOD, currency)


def order_path(account: WechatAccount, number: str) -> str:
    """Where WeChat Pay tells of a payment, by our number."""
    return f"/v3/pay/transactions/out-trade-no/{quote(number, safe='')}?mchid={account.merchant_id}"


def china_time(at: int) -> str:
    """A time as RFC 3339 spells it."""
    return datetime.fromtimestamp(at, UTC).astimezone(_CHINA).isoformat(timespec="seconds")
