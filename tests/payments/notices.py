"""EPay notices for tests, signed by the independent package epay-sdk and not by the code under test."""

from urllib.parse import urlencode

from epay_sdk import EPayClient, EPayConfig

from app.payments.gateways import GATEWAYS, Notice

KEY = "Q7mZp2Xv9LdR4tYb6WcK8sNj"
SETTINGS = {
    "api_url": "https://pay.example.com/",
    "merchant_id": "1001",
    "key": KEY,
    "mode": "submit",
    "methods": ["alipay", "wxpay"],
}
SDK = EPayClient(EPayConfig(pid="1001", key=KEY, base_url="https://pay.example.com", environment="sandbox"))
FORM = "application/x-www-form-urlencoded"
EPAY = GATEWAYS["epay"]


def fields(**changes):
    """The fields of a good notice, unsigned; a change to None leaves one out."""
    known = {
        "pid": "1001",
        "trade_no": "20260131120000001",
        "out_trade_no": "P7K2M9QX",
        "type": "alipay",
        "name": "订单 P7K2M9QX",
        "money": "100.00",
        "trade_status": "TRADE_SUCCESS",
    }
    return {name: value for name, value in (known | changes).items() if value is not None}


def sign(values):
    return values | {"sign": SDK.sign(values), "sign_type": "MD5"}


def signed_query(**changes):
    return urlencode(sign(fields(**changes)))


def get(query):
    return Notice("GET", query.encode() if isinstance(query, str) else query, b"", "")


def post(body, query="", content_type=FORM):
    return Notice("POST", query.encode(), body.encode() if isinstance(body, str) else body, content_type)


def read(notice, **changes):
    return EPAY.read(SETTINGS | changes, notice, 1_790_000_000)
