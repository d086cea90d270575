"""易支付 (EPay), version 1: MD5 signatures, submit.php and mapi.php, a notice by GET or POST, a query by api.php."""

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from app.errors import N_
from app.money import parse_fen, yuan
from app.payments.gateways.epay_http import call
from app.payments.gateways.epay_notice import read_notice
from app.payments.gateways.gateway import GatewayUnreachable, Notice, QueryResult, Reading, Settings, Start
from app.payments.gateways.signature import signed

log = logging.getLogger(__name__)
LEAST_KEY = 16
PLACEHOLDERS = (
    "your-key",
    "your_key",
    "yourkey",
    "changeme",
    "change-me",
    "placeholder",
    "secret",
    "test",
    "example",
    "密钥",
    "key",
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SCHEMES = re.compile(r"(weixin|alipays?|mqqapi|https?)://[^\s\"'<>]{1,1800}", re.ASCII)


class Epay:
    """The protocol that most Chinese payment aggregators speak; each merchant account is a channel of its own."""

    name = "epay"
    title = "易支付"
    methods: tuple[str, ...] = ("alipay", "wxpay", "qqpay")
    is_test = False

    def check_settings(self, settings: Settings) -> dict[str, str]:
        faults = check_account(settings)
        address = urlsplit(str(settings.get("api_url", "")))
        secure = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)
        if not secure or not address.hostname or address.query or not address.path.endswith("/"):
            faults["api_url"] = N_("Please enter the provider's address, from https:// to the last slash.")
        if settings.get("mode") not in ("submit", "mapi"):
            faults["mode"] = N_("Please choose submit or mapi.")
        if not set(settings.get("methods") or ()) & set(self.methods):
            faults["methods"] = N_("Please choose at least one way to pay.")
        return faults

    def start(
        self,
        settings: Settings,
        *,
        payment_number: str,
        amount_fen: int,
        method: str,
        notify_url: str,
        return_url: str,
        device: str,
        client_address: str,
    ) -> Start:
        form = outgoing(settings, payment_number, amount_fen, method, notify_url, return_url)
        link = Start(f"{settings['api_url']}submit.php?{urlencode(form)}")
        if settings["mode"] != "mapi":
            return link
        unsigned = {name: value for name, value in form.items() if name not in ("sign", "sign_type")}
        extended = signed(unsigned | {"clientip": client_address, "device": device}, settings["key"])
        try:
            return _answered(call("POST", f"{settings['api_url']}mapi.php", extended)) or link
        except GatewayUnreachable as error:
            # The buyer still has a way to pay: the same payment by the link.
            log.warning("mapi of %s did not answer, the link serves instead: %s", settings["api_url"], error)
            return link

    def read(self, settings: Settings, notice: Notice) -> Reading:
        return read_notice(notice, str(settings.get("key", "")))

    def query(self, settings: Settings, payment_number: str) -> QueryResult:
        """`api.php?act=order`. The key stands in that address, so the address is never logged."""
        query = {"act": "order", "pid": settings["merchant_id"], "key": settings["key"], "out_trade_no": payment_number}
        answer = call("GET", f"{settings['api_url']}api.php", query)
        if str(answer.get("code")) != "1" or str(answer.get("status")) != "1":
            return QueryResult(paid=False)
        try:
            amount_fen = parse_fen(str(answer.get("money")))
        except ValueError:
            raise GatewayUnreachable("the amount in its answer cannot be read") from None
        if answer.get("out_trade_no", payment_number) != payment_number:
            raise GatewayUnreachable("its answer is about another payment")
        trade_number = str(answer.get("trade_no") or "")
        return QueryResult(bool(trade_number), trade_number or None, amount_fen, str(answer.get("type") or "") or None)

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        return ("success" if accepted else "fail"), "text/plain; charset=utf-8"


def check_account(settings: Settings) -> dict[str, str]:
    """What is wrong with merchant id and key, which every account of this protocol has."""
    faults = {}
    if not re.fullmatch(r"[0-9A-Za-z_-]{1,32}", str(settings.get("merchant_id", "")), re.ASCII):
        faults["merchant_id"] = N_("Please enter the merchant id (PID) that the provider gave you.")
    key = settings.get("key")
    if not isinstance(key, str) or len(key) < LEAST_KEY or re.search(r"\s", key):
        faults["key"] = N_("Please enter the provider's key: at least 16 characters, without spaces.")
    elif len(set(key)) < 4 or key.lower().strip("-_0123456789") in PLACEHOLDERS:
        faults["key"] = N_("This is a placeholder and not a key. Please copy the key from the provider's page.")
    return faults


def outgoing(
    settings: Settings, payment_number: str, amount_fen: int, method: str, notify_url: str, return_url: str
) -> dict[str, str]:
    """The signed form that starts a payment. No text of a buyer is in it: the string to sign is not escaped (rule 13)."""
    return signed(
        {
            "pid": settings["merchant_id"],
            "type": method,
            "out_trade_no": payment_number,
            "notify_url": notify_url,
            "return_url": return_url,
            "name": f"订单 {payment_number}",
            "money": yuan(amount_fen),
        },
        settings["key"],
    )


def _answered(answer: Mapping[str, Any]) -> Start | None:
    if str(answer.get("code")) != "1":
        raise GatewayUnreachable(f"it answers code {str(answer.get('code'))[:20]}")
    url, qr_text, scheme = (_address(answer.get(name)) for name in ("payurl", "qrcode", "urlscheme"))
    if url and not url.startswith(("http://", "https://")):
        url = None
    return Start(url, qr_text, scheme) if url or qr_text or scheme else None


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and _SCHEMES.fullmatch(value) else None
