"""Alipay: a QR code on a computer (当面付, alipay.trade.precreate) or its page, the app or its page on a phone (alipay.trade.wap.pay).

After the documents of Alipay's open platform; every answer and every notice is verified by Alipay's key (RSA2).
"""

import re

from app.errors import N_
from app.money import parse_fen, yuan
from app.payments.alipay.account import GATEWAY
from app.payments.alipay.call import call, link, local_time, words
from app.payments.gateways.alipay_account import FIELDS, PAGE, check_account, open_account
from app.payments.gateways.alipay_notice import METHOD, PAID, merchant_of, read_notice
from app.payments.gateways.alipay_refund import send_refund
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

_QR = re.compile(r"https://[0-9A-Za-z./?=&%_-]{1,300}", re.ASCII)
_TRADE_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_UNKNOWN = "ACQ.TRADE_NOT_EXIST"


class Alipay:
    """An application of the merchant's own at Alipay, with the products that it has signed for."""

    name = "alipay"
    title = N_("Alipay (direct)")
    about = N_("Your own application at Alipay’s open platform: 当面付, 手机网站支付, 电脑网站支付.")
    methods: tuple[str, ...] = (METHOD,)
    is_test = False
    fields: tuple[Field, ...] = FIELDS

    def prepare(self, settings: Settings) -> Settings:
        return {**settings, "gateway": settings.get("gateway") or GATEWAY}

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return check_account(settings)

    def merchant(self, settings: Settings) -> str:
        return merchant_of(settings["app_id"], settings["seller_id"])

    def try_keys(self, settings: Settings, now: int) -> Trial:
        """Ask after a payment that cannot be there: whoever may ask, and gets a signed answer, has the right keys."""
        answer = call(open_account(settings), "alipay.trade.query", {"out_trade_no": f"test{now}"}, now)
        works = answer.get("code") == "10000" or answer.get("sub_code") == _UNKNOWN
        return Trial(works, "" if works else words(answer))

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        account = open_account(settings)
        content: dict[str, object] = {
            "out_trade_no": wanted.payment_number,
            "total_amount": yuan(wanted.amount_fen),
            "subject": f"订单 {wanted.payment_number}",
            "time_expire": local_time(max(wanted.expires_at, wanted.now + 60)),
        }
        back = {"notify_url": wanted.notify_url, "return_url": wanted.return_url}
        if wanted.device == "pc" and settings["desk"] != PAGE:
            answer = call(account, "alipay.trade.precreate", content, wanted.now, wanted.notify_url)
            qr_text = answer.get("qr_code")
            if answer.get("code") != "10000" or not isinstance(qr_text, str) or not _QR.fullmatch(qr_text):
                raise GatewayUnreachable(words(answer) or "its answer holds no code to pay by")
            return Start(None, qr_text)
        if wanted.device == "pc":
            content["product_code"] = "FAST_INSTANT_TRADE_PAY"
            return Start(link(account, "alipay.trade.page.pay", content, wanted.now, **back))
        content["product_code"] = "QUICK_WAP_WAY"
        return Start(link(account, "alipay.trade.wap.pay", content, wanted.now, **back))

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        key = None if self.check_settings(settings) else open_account(settings).alipay_key
        return read_notice(notice, key)

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        """`alipay.trade.query`; a trade that nobody opened at Alipay yet is not known there."""
        answer = call(open_account(settings), "alipay.trade.query", {"out_trade_no": asked.payment_number}, asked.now)
        if answer.get("code") != "10000":
            if answer.get("sub_code") == _UNKNOWN:
                return QueryResult(paid=False)
            raise GatewayUnreachable(words(answer) or "it does not say why it does not answer")
        if answer.get("out_trade_no") != asked.payment_number:
            raise GatewayUnreachable("its answer is about another payment")
        if answer.get("trade_status") not in PAID:
            return QueryResult(paid=False)
        number = answer.get("trade_no")
        if not isinstance(number, str) or not _TRADE_NUMBER.fullmatch(number):
            raise GatewayUnreachable("its answer lacks the trade's number")
        try:
            return QueryResult(True, number, parse_fen(str(answer.get("total_amount"))), METHOD)
        except ValueError:
            raise GatewayUnreachable("the amount in its answer cannot be read") from None

    def can_refund(self, settings: Settings) -> bool:
        return True

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        return send_refund(open_account(settings), wanted)

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        return ("success" if accepted else "fail"), "text/plain; charset=utf-8"
