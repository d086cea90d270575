"""Sending money back through an EPay v2 provider: a plain signed yes, a plain no, and after a doubt it is asked, never sent again."""

import time

import pytest

from app.payments.gateways import NotSent
from tests.fakes.epay2_server import DOUBTS, SIGNS, private_text
from tests.fakes.epay_server import FAULTS
from tests.payments.epay2_notices import EPAY2
from tests.payments.starting import NUMBER, refund_wanted

REFUND, LOOK = "/api/pay/refund", "/api/pay/refundquery"


@pytest.fixture
def refund(provider2, order2):
    """Send a part of a payment of 12.30 yuan back."""
    provider2.pay(NUMBER)
    provider2.calls.clear()

    def act(settings=None, **changes):
        told = {"trade_number": order2["trade_no"], "refund_number": "R0000001"} | changes
        return EPAY2.refund(settings or provider2.settings(), refund_wanted(**told))

    return act


def asked_for(provider):
    return [path for _method, path, _form in provider.calls]


def spoil(provider, path, how):
    (provider.signs if how in SIGNS else provider.faults)[path] = how


def test_what_the_provider_sends_is_done(provider2, order2, refund):
    answer = refund()
    assert (answer.state, answer.reference) == ("done", "2027000000000000000")
    ((method, path, form),) = provider2.calls
    assert (method, path, form["money"], form["out_refund_no"]) == ("POST", REFUND, "10.00", "R0000001")
    assert (form["trade_no"], form["out_trade_no"]) == (order2["trade_no"], NUMBER)
    assert provider2.addresses[-1] == REFUND


def test_what_the_provider_refuses_has_failed_and_says_why(provider2, refund):
    refund()
    answer = refund(refund_number="R0000002", amount_fen=231)
    assert (answer.state, answer.reason) == ("failed", "退款金额超过")
    assert refund(refund_number="R0000003", trade_number="2026").state == "failed"
    assert list(provider2.refunds) == ["R0000001"]


def test_a_wrong_key_of_ours_is_a_refusal(provider2, refund):
    answer = refund(provider2.settings(private_key=private_text("stranger")))
    assert (answer.state, answer.reason, provider2.refunds) == ("failed", "RSA sign error", {})


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_the_provider_is_asked_and_nothing_is_sent_twice(provider2, refund, fault, impatient):
    """F09. It does not know of the refund, which may still be on its way: the doubt stays."""
    provider2.faults[REFUND] = fault
    began = time.monotonic()
    answer = refund()
    assert time.monotonic() - began < 3
    assert (answer.state, asked_for(provider2)) == ("doubtful", [REFUND, LOOK])


@pytest.mark.parametrize("how", SIGNS)
def test_a_refund_whose_yes_was_spoilt_is_found_by_asking(provider2, refund, how):
    provider2.signs[REFUND] = how
    answer = refund()
    assert (answer.state, answer.reference) == ("done", "2027000000000000000")
    assert asked_for(provider2) == [REFUND, LOOK]


@pytest.mark.parametrize("how", DOUBTS)
def test_where_asking_fails_too_it_stays_doubtful(provider2, refund, how, impatient):
    provider2.signs[REFUND] = "nobody"
    spoil(provider2, LOOK, how)
    answer = refund()
    assert (answer.state, asked_for(provider2)) == ("doubtful", [REFUND, LOOK])
    assert private_text("merchant")[60:120] not in answer.reason


@pytest.mark.parametrize(
    ("told", "state"),
    [({"status": 1}, "done"), ({"status": "1"}, "done"), ({"status": 0}, "doubtful"), ({"status": None}, "doubtful")]
    + [({"money": "9.99"}, "doubtful"), ({"out_refund_no": "R9"}, "doubtful"), ({"trade_no": "2"}, "doubtful")]
    + [
        ({"money": None}, "doubtful"),
        ({"code": -1}, "doubtful"),
        ({"code": 1}, "doubtful"),
        ({"status": 2}, "doubtful"),
    ],
)
def test_only_a_success_of_this_refund_ends_the_doubt(provider2, refund, told, state):
    provider2.signs[REFUND] = "nobody"
    provider2.answers[LOOK] = told
    assert refund().state == state


@pytest.mark.parametrize(
    ("told", "state"),
    [({}, "done"), ({"status": 0}, "failed"), ({"money": "9.99"}, "doubtful"), ({"code": -1}, "failed")]
    + [({"status": 3}, "doubtful"), ({"code": 1}, "doubtful")],
)
def test_a_no_is_believed_only_where_the_provider_knows_of_no_success(provider2, refund, told, state):
    provider2.answers[REFUND] = {"code": -1, "msg": "退款失败"}
    provider2.answers[LOOK] = told
    answer = refund()
    assert (answer.state, asked_for(provider2)) == (state, [REFUND, LOOK])


@pytest.mark.parametrize("told", [{"money": "9.99"}, {"out_refund_no": "R9"}, {"trade_no": "2"}, {"money": None}])
def test_a_yes_about_another_refund_is_looked_into(provider2, refund, told):
    provider2.answers[REFUND] = told
    assert refund().state == "done"
    provider2.signs[LOOK] = "nobody"
    assert refund().state == "doubtful"


@pytest.mark.parametrize("code", [1, "success", True, None, "0 ", [0], "-"])
def test_what_is_neither_yes_nor_no_is_doubtful(provider2, refund, code):
    provider2.answers |= {REFUND: {"code": code}, LOOK: {"code": -1}}
    assert refund().state == "doubtful"


def test_what_the_provider_says_is_one_line_without_the_key(provider2, refund):
    secret = private_text("merchant")
    provider2.answers |= {REFUND: {"code": -1, "msg": f"no\r\nkey {secret}\x00" + "x" * 500}, LOOK: {"code": -1}}
    reason = refund().reason
    assert (secret[60:120] in reason, len(reason), reason.isprintable()) == (False, 200, True)


def test_where_nobody_is_nothing_was_sent(provider2, refund, impatient):
    with pytest.raises(NotSent):
        refund(provider2.settings(api_url="http://127.0.0.1:9/"))


def test_an_account_refunds_only_when_its_owner_says_that_the_provider_does(provider2):
    assert EPAY2.can_refund(provider2.settings())
    assert not EPAY2.can_refund(provider2.settings(refunds="yes"))
    assert not EPAY2.can_refund({})
