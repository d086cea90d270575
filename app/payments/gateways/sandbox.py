"""The sandbox: a keyless test gateway. It speaks EPay from a page of the shop's own, with real signatures and no money."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.errors import N_
from app.payments.gateways.epay_account import check_account, usable_key
from app.payments.gateways.epay_form import outgoing
from app.payments.gateways.epay_notice import read_notice
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
from app.payments.gateways.signature import is_signed, signed

PAGE = "/sandbox/payments"
FORM = frozenset(
    {"pid", "type", "out_trade_no", "notify_url", "return_url", "name", "money", "sign", "sign_type"},
)


class Sandbox:
    """For trying the shop out. A live shop does not offer it, and its page is gone there."""

    name = "sandbox"
    title = "测试网关"
    about = N_("Test gateway: no real money. It stops when the shop goes live.")
    methods: tuple[str, ...] = ("alipay",)
    is_test = True
    # Its keys are made with it.
    fields: tuple[Field, ...] = ()

    def prepare(self, settings: Settings) -> Settings:
        return settings

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return check_account(settings)

    def merchant(self, settings: Settings) -> str:
        return str(settings["merchant_id"])

    def try_keys(self, settings: Settings, now: int) -> Trial:
        return Trial(not self.check_settings(settings))

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        shop = urlsplit(wanted.notify_url)
        form = urlencode(signed(outgoing(settings, wanted), settings["key"]))
        return Start(f"{shop.scheme}://{shop.netloc}{PAGE}?{form}")

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        return read_notice(notice, usable_key(settings), refunds=True)

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        raise GatewayUnreachable("the test gateway keeps no payments that could be asked about")

    def can_refund(self, settings: Settings) -> bool:
        return True

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        return RefundAnswer("done", f"TEST-{wanted.refund_number}")

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        return ("success" if accepted else "fail"), "text/plain; charset=utf-8"


def read_form(settings: Settings, query: str) -> Mapping[str, str] | None:
    """The form that `start` sent a buyer here with, or None when it is not whole or not signed by us.

    A notice is signed by the same key: what has other names than a form is none.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=20)
    except ValueError:
        return None
    form = dict(pairs)
    whole = len(pairs) == len(form) and form.keys() == FORM and not any("&" in value for value in form.values())
    return form if whole and is_signed(form, usable_key(settings)) else None


def sign_notice(settings: Settings, *, payment_number: str, trade_number: str, method: str, money: str) -> str:
    """The query string of a signed notice that the payment was made, as an EPay provider would send it."""
    return _sign(settings, payment_number, trade_number, method, money, {"trade_status": "TRADE_SUCCESS"})


def sign_refund_notice(
    settings: Settings,
    *,
    payment_number: str,
    trade_number: str,
    method: str,
    money: str,
    refund_number: str,
    refund_money: str,
) -> str:
    """The query string of a signed notice that `refund_money` of a payment of `money` went back to the buyer."""
    told = {"trade_status": "TRADE_REFUND", "refund_no": refund_number, "refund_money": refund_money}
    return _sign(settings, payment_number, trade_number, method, money, told)


def _sign(
    settings: Settings, payment_number: str, trade_number: str, method: str, money: str, told: Mapping[str, str]
) -> str:
    notice = {
        "pid": settings["merchant_id"],
        "trade_no": trade_number,
        "out_trade_no": payment_number,
        "type": method,
        "name": f"订单 {payment_number}",
        "money": money,
    }
    return urlencode(signed({**notice, **told}, settings["key"]))
