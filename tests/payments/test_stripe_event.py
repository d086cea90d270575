"""Reading events: signed by Stripe's own library, recorded from Stripe itself, and everything that a stranger may send."""

import pytest

from tests.fakes.stripe_server import SECRET
from tests.payments.stripe_events import (
    DISPUTE,
    NUMBER,
    REFUND,
    STRIPE,
    event,
    read,
    session,
)

LIVE = {"secret_key": "sk_live_51Qm4ZxTvB8nRk2LwYc7HdPs9", "signing_secret": SECRET}
PAID = ("valid", True, 10000, "CNY", NUMBER, "pi_3RgRPqEEXQJo9EEO1a43uB5g", "stripe", "test")


def told(reading):
    number, trade_number = reading.payment_number, reading.trade_number
    return (
        reading.verdict,
        reading.paid,
        reading.amount_fen,
        reading.currency,
        number,
        trade_number,
        reading.method,
        reading.merchant,
    )


@pytest.mark.parametrize("kind", ["completed", "async_payment_succeeded"])
def test_a_session_that_was_paid_is_paid(kind):
    assert told(read(event(kind=f"checkout.session.{kind}"))) == PAID


@pytest.mark.parametrize("status", ["unpaid", "no_payment_required", None, True, "PAID", ["paid"]])
def test_only_one_status_means_paid(status):
    """C12: a session can be completed while its money is still on the way."""
    reading = read(event(session(payment_status=status)))
    assert (reading.verdict, reading.paid, reading.payment_number) == ("valid", False, NUMBER)


@pytest.mark.parametrize("kind", ["async_payment_failed", "expired"])
def test_a_session_that_came_to_nothing_is_not_paid(kind):
    assert read(event(kind=f"checkout.session.{kind}")).paid is False


@pytest.mark.parametrize(
    "kind", ["customer.created", "payment_intent.succeeded", "charge.dispute.closed", "balance.available"]
)
def test_events_of_other_kinds_are_kept_and_mean_nothing(kind):
    reading = read(event({"object": "customer"}, kind))
    assert (reading.verdict, reading.concerns_us, reading.paid, kind in reading.reason) == ("valid", False, False, True)


@pytest.mark.parametrize(
    "changes",
    [{"metadata": {}}, {"metadata": None}, {"mode": "subscription"}, {"mode": "setup"}, {"object": "charge"}]
    # Whoever opens a payment link of the same account may write a reference into its address.
    + [{"metadata": {"other": "x"}, "client_reference_id": NUMBER}, {"metadata": {"payment_number": "a b"}}],
)
def test_a_session_that_the_shop_did_not_start_is_none_of_its_business(changes):
    reading = read(event(session(**changes)))
    assert (reading.verdict, reading.concerns_us, reading.paid) == ("valid", False, False)


@pytest.mark.parametrize("reference", [None, "P0000000", "", 7])
def test_two_references_that_differ_are_malformed(reference):
    assert read(event(session(client_reference_id=reference))).verdict == "malformed"


@pytest.mark.parametrize("amount", [True, 100.0, "10000", None, -1, [10000], 10**30])
def test_an_amount_that_is_none_is_never_the_right_one(amount):
    assert read(event(session(amount_total=amount))).amount_fen is None


@pytest.mark.parametrize("currency", ["jpy", "KRW", "kwd", "", None, "¥¥¥", "cnyy", 156])
def test_a_currency_without_hundredths_is_never_the_right_one(currency):
    """C10: 10000 yen are not 100 yuan."""
    assert read(event(session(currency=currency))).currency == ""


def test_the_mode_and_a_connected_account_are_told():
    """C11, C29: the shop compares them with what the channel's key is for."""
    assert STRIPE.merchant(LIVE) == "live"
    assert read(event(livemode=False), settings=LIVE).merchant == "test"
    assert read(event(livemode=True), settings=LIVE).merchant == "live"
    assert read(event(account="acct_1T8oxK0AcRNJbwd4")).merchant == "test acct_1T8oxK0AcRNJbwd4"


# Refunds and disputes


def test_the_documented_refund_is_read():
    reading = read(event(REFUND, "refund.created"))
    assert (reading.verdict, reading.refund_number, reading.refunded_fen) == (
        "valid",
        "re_1Nispe2eZvKYlo2Cd31jOCgZ",
        1000,
    )
    assert (reading.trade_number, reading.currency, reading.paid) == ("pi_1GszsK2eZvKYlo2CfhZyoZLp", "USD", False)
    assert (reading.payment_number, reading.refund_failed) == (None, False)


@pytest.mark.parametrize("status", ["pending", "requires_action", None, 1])
def test_a_refund_that_is_not_settled_is_waited_for(status):
    reading = read(event(REFUND | {"status": status}, "refund.updated"))
    assert (reading.concerns_us, reading.refund_number) == (False, None)


def test_a_refund_that_failed_says_so():
    reading = read(event(REFUND | {"status": "failed"}, "refund.failed"))
    assert (reading.refund_number, reading.refund_failed) == (REFUND["id"], True)


def test_a_charge_tells_of_its_newest_refund_where_it_lists_them():
    older = REFUND | {"id": "re_1", "created": 1, "amount": 400}
    charge = {"object": "charge", "id": "ch_1", "amount": 1400, "amount_refunded": 1400, "payment_intent": "pi_1"}
    reading = read(event(charge | {"refunds": {"data": [older, REFUND]}}, "charge.refunded"))
    assert (reading.refund_number, reading.refunded_fen) == (REFUND["id"], 1000)
    assert read(event(charge, "charge.refunded")).concerns_us is False


def test_the_documented_dispute_is_read():
    reading = read(event(DISPUTE | {"payment_intent": "pi_1"}, "charge.dispute.created"))
    assert (reading.dispute_number, reading.disputed_fen) == ("du_1MtJUT2eZvKYlo2CNaw2HvEv", 1000)
    assert (reading.trade_number, reading.reason, reading.paid) == ("pi_1", "general", False)
    assert read(event(DISPUTE, "charge.dispute.created")).trade_number is None


@pytest.mark.parametrize(
    "thing", [{}, {"object": "refund"}, REFUND | {"amount": True}, REFUND | {"amount": 0}, REFUND | {"id": "x y"}]
)
def test_refunds_and_disputes_without_shape_are_malformed(thing):
    assert read(event(thing, "refund.created")).verdict == "malformed"
    assert read(event(thing | {"object": "dispute", "amount": -1}, "charge.dispute.created")).verdict == "malformed"
