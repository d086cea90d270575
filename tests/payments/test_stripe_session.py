"""Checkout Sessions over the wire: what is asked for, what is believed, and a Stripe that fails."""

import logging
import time
from urllib.parse import urlsplit

import pytest

from app.payments.gateways import GatewayUnreachable, NotSent, QueryResult, Trial
from tests.fakes.stripe_server import FAULTS, StripeServer
from tests.payments.starting import NOW, NUMBER, asked, wanted
from tests.payments.stripe_events import STRIPE

SESSIONS = "/v1/checkout/sessions"


@pytest.fixture
def provider():
    with StripeServer() as server:
        yield server


def start(provider, **changes):
    return STRIPE.start(provider.settings(), wanted(method="stripe", **changes))


def ask(provider, reference, **changes):
    return STRIPE.query(provider.settings(), asked(reference=reference, method="stripe", **changes))


def test_a_payment_becomes_a_session(provider):
    begun = start(provider)
    session = provider.session_of(NUMBER)
    assert (begun.url, begun.reference) == (session["url"], session["id"])
    assert (session["amount_total"], session["currency"], session["mode"]) == (1230, "cny", "payment")
    assert session["metadata"] == {"payment_number": NUMBER}
    assert urlsplit(session["success_url"]).path == "/orders/A1/payment/return"
    assert urlsplit(session["cancel_url"]).path == "/orders/A1/payment"
    form, headers = provider.calls[0][2:]
    assert form["line_items[0][price_data][product_data][name]"] == f"订单 {NUMBER}"
    assert form["payment_intent_data[metadata][payment_number]"] == NUMBER
    assert form["adaptive_pricing[enabled]"] == "false"
    assert (headers["Idempotency-Key"], headers["Stripe-Version"]) == (NUMBER, "2026-10-28.endive")


@pytest.mark.parametrize("later", [0, 1, 840])
def test_asked_for_once_more_it_is_the_same_session(provider, later):
    """F09: also when the first answer got lost."""
    provider.faults[SESSIONS] = "lost"
    with pytest.raises(GatewayUnreachable):
        start(provider)
    del provider.faults[SESSIONS]
    provider.now = NOW + later
    begun = start(provider, now=NOW + later)
    assert list(provider.sessions) == [begun.reference]


@pytest.mark.parametrize("minutes", [1, 15, 30, 23 * 60, 24 * 60, 3 * 24 * 60])
def test_it_lives_as_long_as_the_order_and_as_stripe_allows(provider, minutes):
    start(provider, expires_at=NOW + minutes * 60)
    expires_at = provider.session_of(NUMBER)["expires_at"]
    assert expires_at >= min(NOW + minutes * 60, NOW + 86000)


@pytest.mark.parametrize("currency", ["HKD", "USD", "EUR"])
def test_other_currencies_with_hundredths_are_asked_for(provider, currency):
    start(provider, currency=currency)
    assert provider.session_of(NUMBER)["currency"] == currency.lower()


@pytest.mark.parametrize("currency", ["JPY", "KWD", "", "YUAN"])
def test_amounts_without_hundredths_are_not(provider, currency):
    with pytest.raises(GatewayUnreachable):
        start(provider, currency=currency)
    assert provider.calls == []


@pytest.mark.parametrize(
    "changes",
    [
        {"url": None},
        {"url": "javascript:alert(1)"},
        {"url": "https://x/ y"},
        {"id": "sub_1"},
        {"id": None},
        {"livemode": True},
    ]
    + [{"livemode": None}, {"client_reference_id": "P0000000"}, {"metadata": {}}, {"object": "charge"}],
)
def test_an_answer_that_does_not_fit_starts_nothing(provider, changes):
    provider.answers[SESSIONS] = changes
    with pytest.raises(GatewayUnreachable):
        start(provider)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stripe_that_fails_starts_nothing_and_tells_no_key(provider, fault, impatient, caplog):
    """F08: within the time, and the order stays as it was."""
    provider.faults[SESSIONS] = fault
    began = time.monotonic()
    with caplog.at_level(logging.DEBUG, logger="app"), pytest.raises(GatewayUnreachable) as unreachable:
        start(provider)
    assert time.monotonic() - began < 2
    assert provider.key not in str(unreachable.value) + caplog.text


def test_a_wrong_key_is_told_in_stripes_words_without_it(provider):
    settings = provider.settings(secret_key="sk_test_51Another0Key9XyZw8Vu")
    with pytest.raises(GatewayUnreachable, match="refuses: Invalid API Key") as unreachable:
        STRIPE.start(settings, wanted())
    assert settings["secret_key"] not in str(unreachable.value)


def test_nobody_is_there(provider):
    with pytest.raises(NotSent):
        STRIPE.start(provider.settings(api_url="http://127.0.0.1:9/"), wanted())


# Asking


def test_it_is_asked_by_the_session(provider):
    reference = start(provider).reference
    assert ask(provider, reference) == QueryResult(paid=False)
    provider.pay(NUMBER, payment_status="unpaid")
    assert ask(provider, reference) == QueryResult(paid=False)
    paid = provider.pay(NUMBER)["data"]["object"]["payment_intent"]
    assert ask(provider, reference) == QueryResult(True, paid, 1230, "stripe", "CNY")


@pytest.mark.parametrize(
    "reference", ["", "cs_test_", "pi_1", "../balance", "cs_test_1/expire", "cs_test_x?y", "cs_live_é"]
)
def test_what_is_no_session_is_not_asked_about(provider, reference):
    with pytest.raises(GatewayUnreachable):
        ask(provider, reference)
    assert provider.calls == []


def test_a_payment_that_never_started_is_not_paid_and_is_no_fault_of_stripe(provider):
    """Faults pause a channel, and one order that could not start must not keep the others from being asked about."""
    assert ask(provider, None) == QueryResult(paid=False)
    assert provider.calls == []


def test_a_session_that_stripe_does_not_know_tells_nothing(provider):
    with pytest.raises(GatewayUnreachable, match="No such"):
        ask(provider, "cs_test_404")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_reference_id": "P0000000"},
        {"metadata": {"payment_number": "P0000000"}},
        {"id": "cs_test_1"},
        {"livemode": True},
    ]
    + [
        {"amount_total": None},
        {"amount_total": 12.3},
        {"amount_total": True},
        {"currency": "jpy"},
        {"payment_intent": None},
    ],
)
def test_an_answer_that_does_not_fit_tells_nothing(provider, changes):
    reference = start(provider).reference
    provider.pay(NUMBER)
    provider.answers[f"{SESSIONS}/{reference}"] = changes
    with pytest.raises(GatewayUnreachable):
        ask(provider, reference)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stripe_that_fails_tells_nothing(provider, fault, impatient):
    reference = start(provider).reference
    provider.pay(NUMBER)
    provider.faults[f"{SESSIONS}/{reference}"] = fault
    with pytest.raises(GatewayUnreachable):
        ask(provider, reference)


# Trying the keys


def test_keys_are_tried_by_reading_the_balance(provider):
    assert STRIPE.try_keys(provider.settings(), NOW) == Trial(True)
    assert [call[:2] for call in provider.calls] == [("GET", "/v1/balance")]
    wrong = STRIPE.try_keys(provider.settings(secret_key="sk_test_51Another0Key9XyZw8Vu"), NOW)
    assert (wrong.works, wrong.says) == (False, "Invalid API Key provided: sk_****")


def test_a_key_of_the_other_mode_does_not_work(provider):
    provider.answers["/v1/balance"] = {"livemode": True}
    assert STRIPE.try_keys(provider.settings(), NOW).works is False


def test_words_of_stripe_hold_no_secret_and_no_line(provider):
    settings = provider.settings()
    provider.key = "sk_test_changed"
    provider.answers["/v1/balance"] = {
        "error": {
            "type": "invalid_request_error",
            "message": f"no\n{settings['secret_key']} {settings['signing_secret']}\x1b",
        }
    }
    assert STRIPE.try_keys(settings, NOW) == Trial(False, "no … …")
