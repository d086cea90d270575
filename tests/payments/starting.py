"""Start a payment at the provider of a test, and follow the link as a buyer does."""

import httpx

from tests.payments.notices import EPAY

NUMBER = "P7K2M9QX"


def start(settings, **changes):
    told = {
        "payment_number": NUMBER,
        "amount_fen": 1230,
        "method": "alipay",
        "notify_url": "https://shop.example.com/hooks/payments/epay",
        "return_url": "https://shop.example.com/orders/A1/payment/return",
        "device": "pc",
        "client_address": "192.0.2.1",
    }
    return EPAY.start(settings, **(told | changes))


def follow(url):
    with httpx.Client(trust_env=False) as client:
        return client.get(url).text
