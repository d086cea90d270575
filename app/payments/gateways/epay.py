"""易支付 (EPay), version 1: MD5 signatures, submit.php and mapi.php, a notice by GET or POST, a query by api.php.

There is no one authority for it. This follows what the interface documents of its providers have in common, for instance
https://www.kancloud.cn/coolcat/coolpay/1913641 (notice) and https://www.kancloud.cn/aisg/asdfg/1481338 (query).
"""

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from app.errors import N_
from app.money import parse_fen, yuan
from app.payments.gateways.epay_account import FIELDS, check_account, check_provider, usable_key
from app.payments.gateways.epay_http import call
from app.payments.gateways.epay_notice import read_notice
from app.payments.gateways.epay_refund import send_refund, words
from app.payments.gateways.gateway import (
    Asked,
    Field,
    GatewayUnreachable,
    Notice,
    QueryResult,
    Reading,
    RefundAnswer,
    RefundWanted,
    Settings,
    Start,
    Trial,
    Wanted,
)
from app.payments.gateways.signature import signed

log = logging.getLogger(__name__)
# What a provider answers becomes a link on the buyer's page: never a javascript: or an app that is not for paying.
# Of a length that a QR code can hold.
_REST = r"[0-9A-Za-z._~:/?#\[\]@!$&()*+,;=%|{}^-]{1,1800}"
_WEB = re.compile(f"https?://{_REST}", re.ASCII)
_APP = re.compile(f"(?:weixin|alipays?|mqqapi|https)://{_REST}", re.ASCII)
_CODE = re.compile(r"-?[0-9]{1,6}", re.ASCII)
_TRADE_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


class Epay:
    """The protocol that most Chinese payment aggregators speak; each merchant account is a channel of its own."""

    name = "epay"
    title = "易支付"
    about = N_("What most aggregators speak. Copy address, merchant id and key from your provider’s page.")
    methods: tuple[str, ...] = ("alipay", "wxpay", "qqpay")
    is_test = False
    fields: tuple[Field, ...] = FIELDS

    def prepare(self, settings: Settings) -> Settings:
        """Providers print their address with and without the last slash."""
        address = settings.get("api_url")
        if not isinstance(address, str) or not address or address.endswith(("/", ".php")):
            return settings
        return {**settings, "api_url": f"{address}/"}

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return check_account(settings) | check_provider(settings, self.methods)

    def merchant(self, settings: Settings) -> str:
        return str(settings["merchant_id"])

    def try_keys(self, settings: Settings, now: int) -> Trial:
        """`api.php?act=query` tells of the account itself; not every provider has it, and its no is told in its words."""
        query = {"act": "query", "pid": settings["merchant_id"], "key": settings["key"]}
        answer = call("GET", f"{settings['api_url']}api.php", query)
        works = answer.get("code") == "1" and answer.get("pid", query["pid"]) == query["pid"]
        return Trial(works, "" if works else words(answer.get("msg"), settings["key"]))

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        form = outgoing(settings, wanted)
        link = f"{settings['api_url']}submit.php?{urlencode(signed(form, settings['key']))}"
        if settings["mode"] != "mapi":
            return Start(link)
        form |= {"clientip": wanted.client_address, "device": "pc" if wanted.device == "pc" else "mobile"}
        try:
            return _answered(call("POST", f"{settings['api_url']}mapi.php", signed(form, settings["key"])), link)
        except GatewayUnreachable as error:
            # The buyer still has a way to pay: the same payment, by the link.
            log.warning("mapi of %s did not answer, the link serves instead: %s", settings["api_url"], error)
            return Start(link)

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        return read_notice(notice, usable_key(settings))

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        """`api.php?act=order`. The key stands in that address, so the address is never logged."""
        number = asked.payment_number
        query = {"act": "order", "pid": settings["merchant_id"], "key": settings["key"], "out_trade_no": number}
        answer = call("GET", f"{settings['api_url']}api.php", query)
        if answer.get("code") != "1" or answer.get("status") != "1":
            return QueryResult(paid=False)
        if answer.get("out_trade_no") != number or answer.get("pid", query["pid"]) != query["pid"]:
            raise GatewayUnreachable("its answer is about another payment")
        method, trade_number = answer.get("type"), answer.get("trade_no")
        if method not in self.methods or not _fits(_TRADE_NUMBER, trade_number):
            raise GatewayUnreachable("its answer lacks what a paid payment has")
        try:
            return QueryResult(True, trade_number, parse_fen(str(answer.get("money"))), method)
        except ValueError:
            raise GatewayUnreachable("the amount in its answer cannot be read") from None

    def can_refund(self, settings: Settings) -> bool:
        """Providers open this interface to a merchant on request only, so that the merchant says whether there is one."""
        return settings.get("refunds") is True

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        return send_refund(settings, wanted)

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        return ("success" if accepted else "fail"), "text/plain; charset=utf-8"


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


def _answered(answer: Mapping[str, Any], link: str) -> Start:
    code = answer.get("code")
    if code != "1":
        raise GatewayUnreachable(f"it answers code {code if _fits(_CODE, code) else 'unreadable'}")
    qr_text, scheme_url = (_either(_APP, answer.get(name)) for name in ("qrcode", "urlscheme"))
    url = _either(_WEB, answer.get("payurl"))
    if not (url or qr_text or scheme_url):
        raise GatewayUnreachable("its answer holds no address to pay at")
    # A QR code alone does not help who holds the phone that would have to scan it.
    return Start(url or link, qr_text, scheme_url)


def _either(shape: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def _fits(shape: re.Pattern[str], value: object) -> bool:
    return _either(shape, value) is not None
