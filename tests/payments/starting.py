"""Start a payment at the provider of a test, and follow the link as a buyer does."""

import httpx

from app.payments.gateways import GATEWAYS, Asked, RefundWanted, Wanted
from tests.payments.notices import EPAY

NUMBER = "P7K2M9QX"
NOW = 1_790_000_000


def wanted(**changes):
    """A payment to start."""
    told = {
        "payment_number": NUMBER,
        "amount_fen": 1230,
        "currency": "CNY",
        "method": "alipay",
        "notify_url": "https://shop.example.com/hooks/payments/epay",
        "return_url": "https://shop.example.com/orders/A1/payment/return",
        "device": "pc",
        "client_address": "192.0.2.1",
        "expires_at": NOW + 900,
        "now": NOW,
    }
    return Wanted(**(told | changes))


def asked(number=NUMBER, **changes):
    """A payment to ask about."""
    return Asked(**({"payment_number": number, "method": "alipay", "reference": None, "now": NOW} | changes))


def refund_wanted(**changes):
    """A refund of a payment of 12.30 yuan."""
    told = {"refund_number": "R1", "payment_number": NUMBER, "trade_number": "T1", "amount_fen": 1000}
    return RefundWanted(**(told | {"paid_fen": 1230, "currency": "CNY", "now": NOW} | changes))


def start(settings, **changes):
    return EPAY.start(settings, wanted(**changes))


def begin(channel, number, amount_fen=10000, **changes):
    """Start a payment of a shop's order at its gateway."""
    place = {"notify_url": f"http://localhost/hooks/payments/{channel.slug}", "return_url": "http://localhost/"}
    told = {"payment_number": number, "amount_fen": amount_fen} | place
    return GATEWAYS[channel.gateway.name].start(channel.settings, wanted(**(told | changes)))


def follow(url):
    with httpx.Client(trust_env=False) as client:
        return client.get(url).text
