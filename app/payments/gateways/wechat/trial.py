"""Trying the keys: WeChat Pay is asked after a payment that cannot be there, and how far our clock is from its own."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from app.payments.gateways.gateway import Trial
from app.payments.gateways.wechat.account import WechatAccount
from app.payments.gateways.wechat.call import Refused, believe, send
from app.payments.gateways.wechat.order import UNKNOWN, order_path

# At five minutes neither side believes the other any more.
MOST_SECONDS = 240
NOTABLE_SECONDS = 60


def try_account(account: WechatAccount, now: int) -> Trial:
    """Whoever may ask, and gets a signed answer, has the right keys. Raises GatewayUnreachable."""
    reply = send(account, "GET", order_path(account, f"test{now}"), now=now)
    seconds = _seconds_off(reply.headers, now)
    says = f"the clock of this machine is {seconds} seconds off, please set it right"
    if seconds > MOST_SECONDS:
        return Trial(False, says)
    try:
        believe(account, reply, now)
    except Refused as no:
        if no.code != UNKNOWN:
            return Trial(False, str(no))
    return Trial(True, says if seconds >= NOTABLE_SECONDS else "")


def _seconds_off(headers: Mapping[str, str], now: int) -> int:
    """How far our clock is from WeChat Pay's; 0 where it does not tell its time."""
    try:
        return abs(int(parsedate_to_datetime(headers.get("date", "")).timestamp()) - now)
    except (ValueError, OverflowError):
        return 0
