"""易支付 (EPay), version 1: MD5 signatures, submit.php and mapi.php, a notice by GET or POST, a query by api.php.

There is no one authority for it. This follows what the interface documents of its providers have in common, for instance
https://www.kancloud.cn/coolcat/coolpay/1913641 (notice) and https://www.kancloud.cn/aisg/asdfg/1481338 (query).
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from app.errors import N_
from app.payments.gateways.epay_account import FIELDS, check_account, check_mode, check_provider, usable_key, with_slash
from app.payments.gateways.epay_answer import APP, CODE, WEB, either, fits, paid_result
from app.payments.gateways.epay_form import outgoing
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


class Epay:
    """The protocol that most Chinese payment aggregators speak; each merchant account is a channel of its own."""

    name = "epay"
    title = "易支付"
    about = N_("What most aggregators speak. Copy address, merchant id and key from your provider’s page.")
    methods: tuple[str, ...] = ("alipay", "wxpay", "qqpay")
    is_test = False
    fields: tuple[Field, ...] = FIELDS

    def prepare(self, settings: Settings) -> Settings:
        return with_slash(settings)

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return check_account(settings) | check_provider(settings, self.methods) | check_mode(settings)

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
        return paid_result(answer, self.methods)

    def can_refund(self, settings: Settings) -> bool:
        """Providers open this interface to a merchant on request only, so that the merchant says whether there is one."""
        return settings.get("refunds") is True

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        return send_refund(settings, wanted)

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        return ("success" if accepted else "fail"), "text/plain; charset=utf-8"


def _answered(answer: Mapping[str, Any], link: str) -> Start:
    code = answer.get("code")
    if code != "1":
        raise GatewayUnreachable(f"it answers code {code if fits(CODE, code) else 'unreadable'}")
    qr_text, scheme_url = (either(APP, answer.get(name)) for name in ("qrcode", "urlscheme"))
    url = either(WEB, answer.get("payurl"))
    if not (url or qr_text or scheme_url):
        raise GatewayUnreachable("its answer holds no address to pay at")
    # A QR code alone does not help who holds the phone that would have to scan it.
    return Start(url or link, qr_text, scheme_url)
