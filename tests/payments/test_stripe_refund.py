"""Refunds over the wire: sent once, believed when plain, and looked for after an answer that nobody understands."""

import pytest

from app.payments.gateways import NotSent
from tests.fakes.stripe_server import FAULTS, StripeServer
from tests.payments.starting import NUMBER, refund_wanted, wanted
from tests.payments.stripe_events import STRIPE

REFUNDS = "/v1/refunds"


@pytest.fixture
def provider():
    with StripeServer() as server:
        yield server


@pytest.fixture
def paid(provider):
    """The PaymentIntent of a payment of 12.30 yuan."""
    STRIPE.start(provider.settings(), wanted(method="stripe"))
    return provider.pay(NUMBER)["data"]["object"]["payment_intent"]


def send(provider, paid, **changes):
    return STRIPE.refund(provider.settings(), refund_wanted(trade_number=paid, **changes))


def test_money_goes_back_and_bears_our_number(provider, paid):
    answer = send(provider, paid)
    refund = provider.refunds[answer.reference]
    assert (answer.state, refund["amount"], refund["metadata"]["refund_number"]) == ("done", 1000, "R1")
    assert provider.calls[-1][3]["Idempotency-Key"] == "R1"


def test_the_same_refund_asked_for_twice_is_one(provider, paid):
    assert [send(provider, paid).state for _ in range(3)] == ["done"] * 3
    assert len(provider.refunds) == 1


@pytest.mark.parametrize(
    ("status", "state"),
    [("pending", "doubtful"), ("requires_action", "doubtful"), ("failed", "failed"), ("canceled", "failed")],
)
def test_how_it_went_is_what_stripe_says(provider, paid, status, state):
    provider.refund_status = status
    answer = send(provider, paid)
    assert (answer.state, answer.reference) == (state, next(iter(provider.refunds)))


def test_a_plain_no_is_failed(provider, paid):
    provider.refund(paid, 1230)
    assert send(provider, paid).state == "failed"
    assert send(provider, "pi_unknown", refund_number="R2").state == "failed"
    wrong = STRIPE.refund(
        provider.settings(secret_key="sk_test_51Another0Key9XyZw8Vu"), refund_wanted(trade_number=paid)
    )
    assert (wrong.state, wrong.reason) == ("failed", "Invalid API Key provided: sk_****")


def test_one_whose_answer_got_lost_is_found(provider, paid):
    """F09: the request is not sent again; Stripe is asked which refunds there are."""
    provider.refund(paid, 1000, metadata={"refund_number": "R0"})
    provider.faults[REFUNDS] = "lost"
    provider.calls.clear()
    assert send(provider, paid, amount_fen=230).state == "doubtful"
    assert [call[0] for call in provider.calls] == ["POST", "GET"]
    del provider.faults[REFUNDS]
    assert send(provider, paid, amount_fen=230).state == "done"
    assert [one["amount"] for one in provider.refunds.values()] == [1000, 230]


def test_one_that_is_found_among_others_is_done(provider, paid):
    for number in ("R0", "R1", "R2"):
        provider.refund(paid, 1000 if number == "R1" else 100, metadata={"refund_number": number})
    # The key of another request: what Stripe says then is neither yes nor no.
    provider.kept["R1"] = ("/v1/refunds", {"amount": "9"}), (200, {})
    answer = send(provider, paid)
    assert (answer.state, provider.refunds[answer.reference]["metadata"]) == ("done", {"refund_number": "R1"})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stripe_that_fails_is_doubtful(provider, paid, fault, impatient):
    provider.faults[REFUNDS] = fault
    answer = send(provider, paid)
    assert answer.state == "doubtful"
    assert provider.key not in answer.reason


def test_too_many_requests_are_tried_again_later(provider, paid):
    provider.faults[REFUNDS] = "429"
    with pytest.raises(NotSent):
        send(provider, paid)


def test_nobody_is_there(provider):
    with pytest.raises(NotSent):
        STRIPE.refund(provider.settings(api_url="http://127.0.0.1:9/"), refund_wanted())


@pytest.mark.parametrize(
    "changes",
    [
        {"object": "charge"},
        {"amount": 1},
        {"amount": None},
        {"payment_intent": "pi_2"},
        {"currency": "usd"},
        {"id": None},
    ]
    + [{"status": None}, {"status": "SUCCEEDED"}, {"status": True}],
)
def test_an_answer_that_does_not_fit_is_doubtful(provider, paid, changes):
    provider.answers[REFUNDS] = changes
    assert send(provider, paid).state == "doubtful"
