"""Notices of WeChat Pay for tests, signed and sealed by the stand-in and not by the code under test."""

from app.payments.gateways import GATEWAYS, Notice
from tests.payments.starting import NUMBER

WECHAT = GATEWAYS["wechat"]
JSON = "application/json"


def delivery(provider, body, headers=None, content_type=JSON, method="POST", query=b""):
    """A delivery as the shop's desk hands it on: the names of headers in small letters."""
    told = provider.headers(body) if headers is None else headers
    return Notice(method, query, body, content_type, {name.lower(): value for name, value in told.items()})


def read(provider, body, *, now=None, settings=None, **options):
    notice = delivery(provider, body, **options)
    return WECHAT.read(settings or provider.settings(), notice, provider.now if now is None else now)


PAID, BACK = "TRANSACTION.SUCCESS", "REFUND.SUCCESS"


def told(provider, kind=PAID, **changes):
    return read(provider, provider.sealed(kind, provider.payment(NUMBER, **changes)))
