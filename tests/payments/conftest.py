"""A provider to talk to, and a shop that waits for it a moment only. The notices themselves are made in notices.py."""

import httpx
import pytest

from app.payments import http
from app.payments.gateways import GATEWAYS
from tests.fakes.alipay_trade import AlipayTrade
from tests.fakes.epay2_server import Epay2Server
from tests.fakes.epay_server import EpayServer
from tests.payments.starting import NUMBER, wanted


@pytest.fixture
def provider():
    with EpayServer() as server:
        yield server


@pytest.fixture
def provider2():
    """A provider of the second version."""
    with Epay2Server() as server:
        yield server


@pytest.fixture
def order2(provider2):
    """A payment of 12.30 yuan that it knows of."""
    GATEWAYS["epay2"].start(provider2.settings(), wanted())
    return provider2.orders[NUMBER]


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(http, "TIMES", httpx.Timeout(0.3))
    monkeypatch.setattr(http, "WHOLE_SECONDS", 0.6)


@pytest.fixture
def alipay(monkeypatch):
    """An Alipay that takes payments; it signs in Python, which takes its time on a busy machine."""
    monkeypatch.setattr(http, "TIMES", httpx.Timeout(8))
    monkeypatch.setattr(http, "WHOLE_SECONDS", 10.0)
    with AlipayTrade() as server:
        yield server


@pytest.fixture
def paid_at_alipay(alipay):
    """A payment of 12.30 yuan that was made there."""
    GATEWAYS["alipay"].start(alipay.settings(), wanted())
    alipay.pay(NUMBER)
    return alipay.trades[NUMBER]
