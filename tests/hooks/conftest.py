"""A channel at a real provider beside the shop's test channel, and somebody who calls back."""

import pytest

from app import payments
from app.db import transaction
from tests.hooks.caller import Caller
from tests.payments.notices import SETTINGS


@pytest.fixture
def epay(shop):
    """A channel of a real gateway, with the same merchant and key as epay-sdk signs for."""
    settings = SETTINGS | {"api_url": "http://127.0.0.1:9/"}
    transaction(
        payments.create_channel,
        slug="epay",
        gateway="epay",
        name="易支付",
        settings=settings,
        enabled=True,
        now=shop.now,
    )


@pytest.fixture
def caller(app, shop, epay):
    return Caller(app, shop)
