"""Sending money back through a provider: a plain yes, a plain no, and everything else is doubtful and sent once only."""

import logging
import time
from decimal import Decimal

import pytest

from app.payments.gateways import GATEWAYS, NotSent
from tests.fakes.epay_server import FAULTS
from tests.payments.notices import EPAY
from tests.payments.starting import NUMBER, follow, refund_wanted, start


@pytest.fixture
def paid(provider):
    """A payment of 12.30 yuan that was made."""
    follow(start(provider.settings()).url)
    provider.pay(NUMBER)
    provider.calls.clear()
    provider.addresses.clear()
    return provider.orders[NUMBER]


@pytest.fixture
def refund(provider, paid):
    def act(settings=None, **changes):
        wanted = refund_wanted(**({"trade_number": paid["trade_no"]} | changes))
        return EPAY.refund(settings or provider.settings(), wanted)

    return act


def test_what_the_provider_sends_is_done(provider, paid, refund):
    assert (refund().state, provider.refunds) == ("done", {paid["trade_no"]: Decimal("10.00")})


def test_the_key_stands_in_the_body_and_in_no_address(provider, refund):
    refund()
    ((method, path, form),) = provider.calls
    assert (method, path, form["money"], form["key"]) == ("POST", "/api.php", "10.00", provider.key)
    assert provider.addresses == ["/api.php?act=refund"]


def test_what_the_provider_refuses_has_failed_and_says_why(provider, refund):
    refund()
    answer = refund(amount_fen=231)
    assert (answer.state, answer.reason) == ("failed", "the order was refunded before")
    assert refund(trade_number="2026").state == "failed"


def test_a_wrong_key_is_a_refusal(provider, refund):
    answer = refund(provider.settings(key="another-good-key-4711"))
    assert (answer.state, answer.reason, provider.refunds) == ("failed", "key", {})


@pytest.mark.parametrize(
    ("told", "state", "reference"),
    [
        ({"code": "1"}, "done", None),
        ({"code": 0, "refund_no": "20260131120000001"}, "done", "20260131120000001"),
        ({"code": 0}, "doubtful", None),
        ({"code": 0, "refund_no": "a b"}, "doubtful", None),
        ({"code": -1}, "failed", None),
        ({"code": 1001}, "failed", None),
        ({"code": 1, "trade_no": "another"}, "doubtful", None),
    ]
    + [({"code": code}, "doubtful", None) for code in ("success", True, None, 1.5, "１", "1 ", [1], "-", 10**9)],
)
def test_only_a_plain_answer_is_an_answer(provider, refund, told, state, reference):
    provider.answers["/api.php"] = told
    answer = refund()
    assert (answer.state, answer.reference) == (state, reference)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_provider_that_fails_leaves_it_doubtful_and_hears_of_it_once(provider, refund, fault, impatient, caplog):
    provider.faults["/api.php"] = fault
    began = time.monotonic()
    with caplog.at_level(logging.DEBUG, logger="app"):
        answer = refund()
    assert time.monotonic() - began < 2
    assert (answer.state, len(provider.calls)) == ("doubtful", 1)
    assert provider.key not in answer.reason + caplog.text


def test_what_the_provider_says_is_one_line_without_the_key(provider, refund):
    provider.answers["/api.php"] = {"code": -1, "msg": f"no\r\nkey {provider.key}\x00" + "x" * 500}
    reason = refund().reason
    assert reason.startswith("no  key …")
    assert (provider.key in reason, len(reason), reason.isprintable()) == (False, 200, True)


def test_where_nobody_is_nothing_was_sent(provider, refund, impatient):
    with pytest.raises(NotSent):
        refund(provider.settings(api_url="http://127.0.0.1:9/"))


def test_an_account_refunds_only_when_its_owner_says_that_the_provider_does(provider):
    assert not EPAY.can_refund(provider.settings())
    assert EPAY.can_refund(provider.settings(refunds=True))
    assert not EPAY.can_refund(provider.settings(refunds="yes"))
    assert GATEWAYS["sandbox"].can_refund({})
