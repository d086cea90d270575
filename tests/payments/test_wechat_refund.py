"""Refunds over the wire: sent once, believed when plain, and asked after by our own number."""

import pytest

from app.payments.gateways import NotSent
from tests.fakes.wechat_server import FAULTS, SECRET, WechatServer, private_pem
from tests.payments.starting import NUMBER, refund_wanted
from tests.payments.wechat_notices import WECHAT

REFUNDS = "/v3/refund/domestic/refunds"


@pytest.fixture
def provider():
    with WechatServer() as server:
        server.opened(NUMBER, 1230)
        yield server


def send(provider, settings=None, **changes):
    known = {"trade_number": provider.orders[NUMBER]["transaction_id"]} | changes
    return WECHAT.refund(settings or provider.settings(), refund_wanted(**known))


def asked(provider):
    return [(method, path) for method, path, _told, _headers in provider.calls]


def test_money_goes_back_and_bears_our_number(provider):
    answer = send(provider)
    assert (answer.state, answer.reference) == ("done", provider.refunds["R1"]["refund_id"])
    assert provider.calls[0][2] == {
        "transaction_id": provider.orders[NUMBER]["transaction_id"], "out_refund_no": "R1",
        "amount": {"refund": 1000, "total": 1230, "currency": "CNY"},
    }  # fmt: skip
    assert asked(provider) == [("POST", REFUNDS)]


def test_the_same_refund_asked_for_twice_is_one(provider):
    assert [send(provider).state for _ in range(3)] == ["done"] * 3
    assert len(provider.refunds) == 1


def test_one_that_arrives_while_we_are_talking_is_done(provider):
    provider.refund_status, provider.settles = "PROCESSING", True
    assert send(provider).state == "done"
    assert asked(provider) == [("POST", REFUNDS), ("GET", f"{REFUNDS}/R1")]


@pytest.mark.parametrize(
    ("status", "state"),
    [("PROCESSING", "doubtful"), ("ABNORMAL", "doubtful"), ("CLOSED", "failed"), ("success", "doubtful")],
)
def test_how_it_went_is_what_wechat_pay_says(provider, status, state):
    """PROCESSING is not the end: a card that is closed may still send the money back."""
    provider.refund_status = status
    answer = send(provider)
    assert (answer.state, answer.reference) == (state, provider.refunds["R1"]["refund_id"])


def test_a_plain_no_is_failed_once_nothing_is_known_of_it(provider):
    provider.refund(NUMBER, 1000)
    answer = send(provider)
    assert (answer.state, "退款金额大于可退金额" in answer.reason, "NOT_ENOUGH" in answer.reason) == (
        "failed",
        True,
        True,
    )
    assert asked(provider) == [("POST", REFUNDS), ("GET", f"{REFUNDS}/R1")]
    assert send(provider, trade_number="4200" + "9" * 24, refund_number="R2").state == "failed"


def test_a_no_to_a_number_that_is_known_is_what_became_of_it(provider):
    send(provider, amount_fen=1000)
    assert send(provider, amount_fen=999).state == "doubtful"
    provider.faults["GET"] = "unsigned"
    assert send(provider, amount_fen=999).state == "doubtful"


def test_keys_that_are_not_ours_send_nothing(provider):
    answer = send(provider, provider.settings(private_key=private_pem(provider.papers.foreign_key)))
    assert (answer.state, "签名错误" in answer.reason, provider.refunds) == ("failed", True, {})


def test_one_whose_answer_got_lost_is_found(provider):
    """F09: the request is not sent again; WeChat Pay is asked what became of it."""
    provider.faults["POST"] = "lost"
    assert send(provider).state == "done"
    assert asked(provider) == [("POST", REFUNDS), ("GET", f"{REFUNDS}/R1")]
    assert len(provider.refunds) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wechat_pay_that_fails_is_doubtful(provider, fault, impatient):
    """That it knows nothing of the refund yet does not say that it will not know of it in a moment."""
    provider.faults["POST"] = fault
    known_nothing = send(provider, refund_number="R2")
    provider.faults["GET"] = fault
    answer = send(provider)
    assert answer.state == "doubtful"
    assert known_nothing.state == ("done" if "R2" in provider.refunds else "doubtful")
    for secret in (SECRET, provider.url, private_pem(provider.papers.merchant_key)[60:120]):
        assert secret not in answer.reason


def test_too_many_requests_are_tried_again_later(provider):
    provider.faults["POST"] = "429"
    with pytest.raises(NotSent):
        send(provider)
    assert provider.refunds == {}


def test_nobody_is_there(provider):
    with pytest.raises(NotSent):
        send(provider, provider.settings(api_url="http://127.0.0.1:9"))


@pytest.mark.parametrize(
    "changes",
    [
        {"out_refund_no": "R2"}, {"transaction_id": "1"}, {"refund_id": None}, {"refund_id": 7}, {"status": None}, {"status": True},
        {"amount": None}, {"amount": {"refund": 1, "currency": "CNY"}}, {"amount": {"refund": "1000", "currency": "CNY"}},
        {"amount": {"refund": 1000, "currency": "USD"}}, {"amount": {"refund": 1000}},
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_doubtful(provider, changes):
    provider.answer = provider.refund(NUMBER, 1000, "R1") | changes
    assert send(provider).state == "doubtful"
