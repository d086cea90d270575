"""Asking a provider whether a payment was made: exact answers are believed, everything else is "nothing is known"."""

import json
import logging
import ssl
import time

import httpx
import pytest

from app.payments import http
from app.payments.gateways import GatewayUnreachable, QueryResult
from tests.fakes.epay_server import FAULTS, EpayServer, certificate
from tests.payments.notices import EPAY
from tests.payments.starting import NUMBER, asked, follow, start


@pytest.fixture
def order(provider):
    """A payment that the provider knows of."""
    follow(start(provider.settings()).url)
    return provider.orders[NUMBER]


def test_a_payment_that_nobody_made_is_not_paid(provider, order):
    assert EPAY.query(provider.settings(), asked()) == QueryResult(paid=False)
    assert EPAY.query(provider.settings(), asked("P0000000")) == QueryResult(paid=False)


def test_a_payment_that_was_made_is_paid(provider, order):
    provider.pay(NUMBER)
    assert EPAY.query(provider.settings(), asked()) == QueryResult(True, order["trade_no"], 1230, "alipay")
    method, path, form = provider.calls[-1]
    assert (method, path, form["act"], form["out_trade_no"]) == ("GET", "/api.php", "order", NUMBER)


def test_numbers_may_come_as_text(provider, order):
    provider.pay(NUMBER)
    provider.answers["/api.php"] = {"code": "1", "status": "1", "pid": 1001, "money": 12.3}
    assert EPAY.query(provider.settings(), asked()).amount_fen == 1230


@pytest.mark.parametrize("status", [0, 2, 3, "0", True, None, "1 ", [1]])
def test_only_one_status_means_paid(provider, order, status):
    provider.answers["/api.php"] = {"status": status}
    assert EPAY.query(provider.settings(), asked()).paid is False


@pytest.mark.parametrize("code", [0, -1, "success", True, None, 1.5])
def test_only_one_code_means_an_answer(provider, order, code):
    provider.pay(NUMBER)
    provider.answers["/api.php"] = {"code": code}
    assert EPAY.query(provider.settings(), asked()).paid is False


@pytest.mark.parametrize(
    "changes",
    [{"out_trade_no": "P0000000"}, {"out_trade_no": None}, {"pid": "1002"}, {"trade_no": ""}, {"trade_no": "x" * 65}]
    + [{"trade_no": None}, {"trade_no": ["1"]}, {"type": "bank"}, {"type": None}, {"money": None}, {"money": "1e2"}]
    + [{"money": 1e22}, {"money": -12.3}, {"money": "12.30 "}, {"money": "１２"}, {"money": [12]}, {"money": True}],
)
def test_an_answer_that_does_not_fit_tells_nothing(provider, order, changes):
    provider.pay(NUMBER)
    provider.answers["/api.php"] = changes
    with pytest.raises(GatewayUnreachable):
        EPAY.query(provider.settings(), asked())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_provider_that_fails_tells_nothing_and_no_key(provider, order, fault, impatient, caplog):
    provider.faults["/api.php"] = fault
    began = time.monotonic()
    with caplog.at_level(logging.DEBUG, logger="app"), pytest.raises(GatewayUnreachable) as unreachable:
        EPAY.query(provider.settings(), asked())
    assert time.monotonic() - began < 2
    assert provider.key not in str(unreachable.value)
    assert not [record for record in caplog.records if record.name.startswith("app.") and provider.key in str(record)]


@pytest.mark.parametrize(
    "api_url", ["http://127.0.0.1:9/", "http://127.0.0.1:0/", "http://[::1", "http://127.0.0.1:x/"]
)
def test_an_address_where_nobody_is(provider, api_url, impatient):
    with pytest.raises(GatewayUnreachable) as unreachable:
        EPAY.query(provider.settings(api_url=api_url), asked())
    assert provider.key not in str(unreachable.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    with EpayServer(certificate=certificate(tmp_path)) as provider, pytest.raises(GatewayUnreachable, match="Connect"):
        EPAY.query(provider.settings(), asked())
    assert provider.calls == []


@pytest.mark.parametrize("fault", ["drip", "drip headers", "silent"])
def test_a_slow_answer_is_cut_off_inside_tls_too(tmp_path, monkeypatch, fault):
    trusted = certificate(tmp_path)
    monkeypatch.setattr(http, "CERTIFICATES", ssl.create_default_context(cafile=trusted))
    monkeypatch.setattr(http, "WHOLE_SECONDS", 0.4)
    with EpayServer(certificate=trusted) as provider:
        assert EPAY.query(provider.settings(), asked()).paid is False
        provider.faults["/api.php"] = fault
        began = time.monotonic()
        with pytest.raises(GatewayUnreachable):
            EPAY.query(provider.settings(), asked())
        assert time.monotonic() - began < 2


def test_an_answer_that_would_be_right_comes_too_late(provider, monkeypatch):
    monkeypatch.setattr(http, "TIMES", httpx.Timeout(5))
    monkeypatch.setattr(http, "WHOLE_SECONDS", 0.2)
    provider.faults["/api.php"] = "drip"
    with pytest.raises(GatewayUnreachable, match="too slow"):
        EPAY.query(provider.settings(), asked())


def test_the_fake_refuses_a_wrong_key(provider, order):
    provider.pay(NUMBER)
    assert EPAY.query(provider.settings(key="another-good-key-4711"), asked()).paid is False
    assert json.loads(follow(f"{provider.url}api.php?act=order&pid=1001&key=x&out_trade_no={NUMBER}"))["code"] == -3
