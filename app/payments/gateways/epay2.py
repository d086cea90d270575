"""易支付 (EPay), version 2: RSA signatures both ways, `api/pay/create` or a signed link, a notice by GET, query and refund.

After the documents that 彩虹易支付 brings with it (统一下单接口, 页面跳转支付, 支付结果通知, 订单查询, 订单退款, 签名规则).
"""

import logging
from collections.abc import Mapping
from urllib.parse import urlencode

from app.errors import N_
from app.payments.gateways.epay2_account import FIELDS, SUBMIT, check_account, platform_key
from app.payments.gateways.epay2_call import Refused, call, form_of
from app.payments.gateways.epay2_notice import read_notice
from app.payments.gateways.epay2_refund import send_refund
from app.payments.gateways.epay_account import with_slash
from app.payments.gateways.epay_answer import APP, WEB, either, paid_result
from app.payments.gateways.epay_form import outgoing
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

log = logging.getLogger(__name__)
# The signature, the parameters, the address: these tell of the account and not of a payment.
_ABOUT_THE_CALL = frozenset({"-3", "-4", "-5"})


class Epay2:
    """The second version of the protocol; each merchant account is a channel of its own."""

    name = "epay2"
    title = "易支付 V2（RSA）"
    about = N_("The second version of EPay, signed with RSA keys. Safer than the first, where your provider has it.")
    methods: tuple[str, ...] = ("alipay", "wxpay", "qqpay")
    is_test = False
    fields: tuple[Field, ...] = FIELDS

    def prepare(self, settings: Settings) -> Settings:
        return with_slash(settings)

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return check_account(settings, self.methods)

    def merchant(self, settings: Settings) -> str:
        return str(settings["merchant_id"])

    def try_keys(self, settings: Settings, now: int) -> Trial:
        """`api/merchant/info` tells of the account itself; an answer that verifies proves both keys."""
        try:
            answer = call(settings, "merchant/info", {}, now)
        except Refused as error:
            return Trial(False, str(error))
        works = answer.get("pid") == settings["merchant_id"]
        return Trial(works, "" if works else "its answer is about another merchant")

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        form = outgoing(settings, wanted)
        link = f"{settings['api_url']}api/pay/submit?{urlencode(form_of(settings, form, wanted.now))}"
        if settings["mode"] == SUBMIT:
            return Start(link)
        form |= {"method": "web", "device": wanted.device, "clientip": wanted.client_address}
        try:
            return _answered(call(settings, "pay/create", form, wanted.now), link)
        except (Refused, GatewayUnreachable) as error:
            # The buyer still has a way to pay: the same payment, by the link.
            log.warning("create of %s did not answer, the link serves instead: %s", settings["api_url"], error)
            return Start(link)

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        return read_notice(notice, platform_key(settings), now)

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        """`api/pay/query`. A payment that nobody opened at the provider yet is not known there."""
        try:
            answer = call(settings, "pay/query", {"out_trade_no": asked.payment_number}, asked.now)
        except Refused as error:
            if error.code in _ABOUT_THE_CALL:
                raise GatewayUnreachable(str(error)) from None
            return QueryResult(paid=False)
        if (answer.get("out_trade_no"), answer.get("pid")) != (asked.payment_number, settings["merchant_id"]):
            raise GatewayUnreachable("its answer is about another payment")
        return paid_result(answer, self.methods) if answer.get("status") == "1" else QueryResult(paid=False)

    def can_refund(self, settings: Settings) -> bool:
        """Providers open this interface to a merchant on request only, so that the merchant says whether there is one."""
        return settings.get("refunds") is True

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        return send_refund(settings, wanted)

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        return ("success" if accepted else "fail"), "text/plain; charset=utf-8"


def _answered(answer: Mapping[str, str], link: str) -> Start:
    """What there is to show. A page (html), or what only an app can use, is not shown: the link leads to the same payment."""
    kind, told = answer.get("pay_type"), answer.get("pay_info")
    url = either(WEB, told) if kind == "jump" else None
    qr_text = either(APP, told) if kind == "qrcode" else None
    scheme_url = either(APP, told) if kind == "urlscheme" else None
    # A QR code alone does not help who holds the phone that would have to scan it.
    return Start(url or link, qr_text, scheme_url)
