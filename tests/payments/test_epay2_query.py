"""Asking an EPay v2 provider: what the platform signed these minutes is believed, everything else is "nothing is known"."""

import logging
import time

import pytest

from app.payments.gateways import GatewayUnreachable, NotSent, QueryResult
from tests.fakes.epay2_server import DOUBTS, NOW, SIGNS, private_text
from tests.payments.epay2_notices import EPAY2
from tests.payments.starting import NUMBER, asked

QUERY = "/api/pay/query"
pytestmark = pytest.mark.usefixtures("order2")


def test_a_payment_that_nobody_made_is_not_paid(provider2):
    assert EPAY2.query(provider2.settings(), asked()) == QueryResult(paid=False)
    assert EPAY2.query(provider2.settings(), asked("P0000000")) == QueryResult(paid=False)


def test_a_payment_that_was_made_is_paid(provider2, order2):
    provider2.pay(NUMBER)
    assert EPAY2.query(provider2.settings(), asked()) == QueryResult(True, order2["trade_no"], 1230, "alipay")
    method, path, form = provider2.calls[-1]
    assert (method, path, form["out_trade_no"], form["timestamp"]) == ("POST", QUERY, NUMBER, str(NOW))
    assert provider2.addresses[-1] == QUERY


@pytest.mark.parametrize("changes", [{"pid": "1001", "status": "1"}, {"money": 12.3}, {"name": None, "extra": ["x"]}])
def test_numbers_may_come_as_text_and_what_is_not_signed_is_left_out(provider2, changes):
    provider2.pay(NUMBER)
    provider2.answers[QUERY] = changes
    assert EPAY2.query(provider2.settings(), asked()).amount_fen == 1230


@pytest.mark.parametrize("status", [0, 2, 3, "0", None, "1 ", [1]])
def test_only_one_status_means_paid(provider2, status):
    provider2.answers[QUERY] = {"status": status}
    assert EPAY2.query(provider2.settings(), asked()).paid is False


@pytest.mark.parametrize("code", [-1, 7, 1001])
def test_a_plain_no_means_that_nothing_was_paid(provider2, code):
    provider2.pay(NUMBER)
    provider2.answers[QUERY] = {"code": code}
    assert EPAY2.query(provider2.settings(), asked()) == QueryResult(paid=False)


@pytest.mark.parametrize("code", [1, -3, -5, "success", True, None, 1.5, "0 ", "", [0]])
def test_what_is_neither_yes_nor_no_tells_nothing(provider2, code):
    provider2.pay(NUMBER)
    provider2.answers[QUERY] = {"code": code}
    with pytest.raises(GatewayUnreachable):
        EPAY2.query(provider2.settings(), asked())


@pytest.mark.parametrize(
    "changes",
    [{"out_trade_no": "P0000000"}, {"out_trade_no": None}, {"pid": 1002}, {"pid": None}, {"trade_no": ""}]
    + [{"trade_no": "x" * 65}, {"type": "bank"}, {"type": None}, {"money": None}, {"money": "1e2"}, {"money": [12]}],
)
def test_a_signed_answer_that_does_not_fit_tells_nothing(provider2, changes):
    provider2.pay(NUMBER)
    provider2.answers[QUERY] = changes
    with pytest.raises(GatewayUnreachable):
        EPAY2.query(provider2.settings(), asked())


@pytest.mark.parametrize("how", SIGNS)
def test_an_answer_that_the_platform_did_not_sign_now_tells_nothing(provider2, how):
    provider2.pay(NUMBER)
    provider2.signs[QUERY] = how
    with pytest.raises(GatewayUnreachable, match="signed by the platform|of another time"):
        EPAY2.query(provider2.settings(), asked())


@pytest.mark.parametrize("fault", [fault for fault in DOUBTS if fault not in SIGNS])
def test_a_provider_that_fails_tells_nothing_and_no_key(provider2, fault, impatient, caplog):
    provider2.faults[QUERY] = fault
    began = time.monotonic()
    with caplog.at_level(logging.DEBUG, logger="app"), pytest.raises(GatewayUnreachable) as unreachable:
        EPAY2.query(provider2.settings(), asked())
    assert time.monotonic() - began < 3
    assert private_text("merchant")[60:120] not in f"{unreachable.value}{caplog.text}"


def test_a_wrong_key_of_ours_tells_nothing(provider2):
    provider2.pay(NUMBER)
    with pytest.raises(GatewayUnreachable, match="RSA sign error"):
        EPAY2.query(provider2.settings(private_key=private_text("stranger")), asked())


def test_where_nobody_is(provider2, impatient):
    with pytest.raises(NotSent):
        EPAY2.query(provider2.settings(api_url="http://127.0.0.1:9/"), asked())
