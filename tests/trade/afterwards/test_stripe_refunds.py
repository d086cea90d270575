"""Refunds through Stripe and at Stripe: each is booked once, whoever tells of it first, and by whatever event."""

import pytest

from app import trade
from app.db import transaction
from app.payments import Verdict
from tests.shop import Person

pytestmark = pytest.mark.both_databases
STATE = "SELECT state FROM refund"
REFUNDED = "SELECT sum(refunded_fen) FROM order_line"


def send(shop, placed, fen):
    refund_id = shop.refund(placed, fen, way="gateway", done=False)
    return refund_id, trade.send_refunds(shop.now)


def test_a_refund_of_ours_is_sent_and_its_events_change_nothing(shop, placed, intent, provider, tell, anna):
    assert send(shop, placed, 4000)[1] == 1
    assert shop.count("SELECT reference FROM refund") == next(iter(provider.refunds))
    for kind in ("refund.created", "refund.updated", "charge.refund.updated"):
        assert tell(provider.event(kind, next(iter(provider.refunds.values())))) is Verdict.DUPLICATE
    assert (shop.count(STATE), shop.count(REFUNDED), shop.wallet(anna).held_fen) == ("done", 4000, 600)
    assert shop.count("SELECT sum(amount_fen) FROM posting WHERE account = 'asset:gateway:stripe'") == 6000


def test_its_event_may_be_faster_than_its_answer(shop, placed, intent, provider, tell):
    refund_id = shop.refund(placed, 4000, way="gateway", done=False)
    refund = provider.refund(intent, 4000, metadata={"refund_number": "R"})
    assert tell(provider.event("refund.created", refund)) is Verdict.ACCEPTED
    assert trade.send_refunds(shop.now) == 0
    assert transaction(trade.settle_refund, refund_id, state="done", reference=refund["id"], now=shop.now) is False
    assert (shop.count(STATE), shop.count("SELECT count(*) FROM refund")) == ("done", 1)


@pytest.mark.parametrize(("status", "state"), [("succeeded", "done"), ("failed", "failed"), ("canceled", "failed")])
def test_one_that_takes_its_time_is_settled_by_its_event(shop, placed, intent, provider, tell, anna, status, state):
    provider.refund_status = "pending"
    assert send(shop, placed, 4000)[1] == 0
    refund = next(iter(provider.refunds.values()))
    assert (shop.count(STATE), shop.count("SELECT reference FROM refund")) == ("doubtful", refund["id"])
    assert tell(provider.event("refund.updated", refund)) is Verdict.NOT_PAID
    refund["status"] = status
    assert tell(provider.event("refund.updated", refund)) is Verdict.ACCEPTED
    assert tell(provider.event("refund.failed" if state == "failed" else "refund.updated", refund)) is Verdict.DUPLICATE
    left = 0 if state == "failed" else 4000
    assert (shop.count(STATE), shop.count(REFUNDED), shop.wallet(anna).held_fen) == (state, left, 1000 - left // 10)


def test_one_made_at_stripe_is_booked_once(shop, placed, intent, provider, tell, anna):
    refund = provider.refund(intent, 4000)
    told = [
        tell(provider.event(kind, refund)) for kind in ("refund.created", "refund.updated", "charge.refund.updated")
    ]
    assert told == [Verdict.ACCEPTED, Verdict.DUPLICATE, Verdict.DUPLICATE]
    assert (shop.count(STATE), shop.count(REFUNDED), shop.wallet(anna).held_fen) == ("done", 4000, 600)
    assert shop.count("SELECT actor FROM refund") == "provider:stripe"


def test_a_charge_that_lists_its_refunds_tells_of_the_same_ones(shop, placed, intent, provider, tell):
    """As accounts with a version before 2022-11-15 hear of them."""
    charge = {"object": "charge", "id": "ch_1", "payment_intent": intent, "amount": 10000, "currency": "cny"}
    for number, fen in enumerate((4000, 6000)):
        refund = provider.refund(intent, fen) | {"created": shop.now + number}
        provider.refunds[refund["id"]] = refund
        listed = {"object": "list", "data": list(provider.refunds.values())}
        assert tell(provider.event("charge.refunded", charge | {"refunds": listed})) is Verdict.ACCEPTED
        assert tell(provider.event("refund.created", refund)) is Verdict.DUPLICATE
    assert (shop.count("SELECT count(*) FROM refund"), shop.count(REFUNDED)) == (2, 10000)
    assert tell(provider.event("charge.refunded", charge)) is Verdict.NOT_PAID


def test_one_that_is_told_of_before_the_payment_is_taken_up_with_it(shop, placed, provider, tell, anna):
    """C27, where the charge bears our number: it is kept, and the order ends refunded."""
    paid = provider.pay(placed.payment_number)
    trade_number = paid["data"]["object"]["payment_intent"]
    listed = {"object": "list", "data": [provider.refund(trade_number, 10000)]}
    charge = {"object": "charge", "payment_intent": trade_number, "refunds": listed}
    charge["metadata"] = {"payment_number": placed.payment_number}
    event = provider.event("charge.refunded", charge)
    assert [tell(event), tell(event), tell(paid), tell(event)] == [
        Verdict.PARKED, Verdict.DUPLICATE, Verdict.ACCEPTED, Verdict.DUPLICATE,
    ]  # fmt: skip
    assert (shop.count(STATE), shop.count(REFUNDED), shop.wallet(anna).held_fen) == ("done", 10000, 0)


def test_a_charge_that_names_another_channels_payment_changes_nothing(shop, placed, provider, tell):
    other = shop.buy(Person("dan@example.com"))
    provider.pay(placed.payment_number)
    trade_number = provider.session_of(placed.payment_number)["payment_intent"]
    listed = {"object": "list", "data": [provider.refund(trade_number, 10000)]}
    charge = {"object": "charge", "payment_intent": trade_number, "refunds": listed}
    charge["metadata"] = {"payment_number": other.payment_number}
    assert tell(provider.event("charge.refunded", charge)) is Verdict.WRONG_CHANNEL
    assert shop.count(REFUNDED) == 0


def test_one_that_stripe_takes_back_later_is_the_merchants_to_look_into(shop, placed, intent, provider, tell):
    refund = provider.refund(intent, 4000)
    tell(provider.event("refund.created", refund))
    assert tell(provider.event("refund.failed", refund | {"status": "failed"})) is Verdict.REFUND_UNFIT
    assert (shop.count(STATE), shop.count("SELECT count(*) FROM stray WHERE state = 'open'")) == ("done", 1)


def test_one_that_failed_is_not_booked_by_its_earlier_events(shop, placed, intent, provider, tell):
    refund = provider.refund(intent, 4000)
    assert tell(provider.event("refund.failed", refund | {"status": "failed"})) is Verdict.DUPLICATE
    assert tell(provider.event("refund.created", refund)) is Verdict.DUPLICATE
    assert shop.count("SELECT count(*) FROM refund") == 0


def test_one_of_a_transfer_that_nobody_knows_waits_for_the_merchant(shop, placed, provider, tell):
    provider.pay(placed.payment_number)
    intent = provider.session_of(placed.payment_number)["payment_intent"]
    assert tell(provider.event("refund.created", provider.refund(intent, 4000))) is Verdict.UNKNOWN
    assert (shop.count("SELECT amount_fen FROM stray"), shop.count("SELECT is_booked FROM stray")) == (4000, False)
    assert shop.count("SELECT count(*) FROM refund") == shop.count("SELECT count(*) FROM journal") == 0


def test_money_that_no_order_took_goes_back_and_waits_no_more(shop, placed, intent, provider, tell):
    session = provider.session_of(placed.payment_number) | {"payment_intent": "pi_second"}
    provider.sessions["cs_test_second"] = session | {"client_reference_id": "other"}
    assert tell(provider.event("checkout.session.completed", session)) is Verdict.DOUBLE_PAID
    refund = provider.refund("pi_second", 10000)
    assert tell(provider.event("refund.created", refund)) is Verdict.ACCEPTED
    assert shop.count("SELECT state FROM stray") == "refunded"
    assert (shop.count(REFUNDED), shop.count("SELECT count(*) FROM refund")) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "verdict"), [({"amount": 10001}, "refund_unfit"), ({"currency": "usd"}, "wrong_currency")]
)
def test_one_that_does_not_fit_is_kept_for_the_merchant(shop, placed, intent, provider, tell, changes, verdict):
    assert tell(provider.event("refund.created", provider.refund(intent, 4000) | changes)) == verdict
    assert shop.count(REFUNDED) == 0


def test_another_mode_refunds_nothing(shop, placed, intent, provider, tell):
    refund = provider.refund(intent, 4000)
    assert tell(provider.event("refund.created", refund, livemode=True)) is Verdict.FOREIGN
    assert shop.count(REFUNDED) == 0


def test_an_answer_that_got_lost_is_looked_up_and_sent_once(shop, placed, intent, provider):
    provider.faults["/v1/refunds"] = "lost"
    assert send(shop, placed, 4000)[1] == 0
    del provider.faults["/v1/refunds"]
    assert trade.send_refunds(shop.now + 86400) == 0
    assert (shop.count(STATE), len(provider.refunds)) == ("doubtful", 1)
