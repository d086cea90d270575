"""Stripe from end to end: a session, its events at the callback address, and what a stranger may send there."""

import json

import pytest

from app import payments, trade
from app.db import db, transaction
from app.payments import Verdict
from tests.fakes.stripe_server import StripeServer
from tests.hooks.caller import NOTHING, ONE, Caller
from tests.payments.starting import begin
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")
RECEIVED, REFUSED = (200, "received"), (400, "refused")


@pytest.fixture
def provider(shop):
    with StripeServer(now=shop.now) as server:
        yield server


def channel(shop, slug, settings):
    values = {"gateway": "stripe", "name": "Stripe", "settings": settings, "enabled": True}
    transaction(payments.create_channel, slug=slug, **values, now=shop.now)
    return transaction(payments.channel_by_slug, slug)


@pytest.fixture
def account(shop, provider):
    return channel(shop, "stripe", provider.settings())


@pytest.fixture
def placed(shop, account):
    """An order whose buyer is on Stripe's page."""
    order = shop.place(CLARA, channel="stripe")
    started = begin(account, order.payment_number, method="stripe")
    transaction(payments.note_start, order.payment_number, started)
    return order


@pytest.fixture
def caller(app, shop):
    return Caller(app, shop)


@pytest.fixture
def tell(caller, provider):
    """Deliver an event as Stripe does; returns (status, text)."""

    def deliver(event, slug="stripe", body=None, headers=None, **options):
        signed, own = provider.signed(event, **options)
        told = {"headers": own if headers is None else headers, "content_type": None}
        return caller.send(body or signed, slug=slug, method="POST", data=body or signed, **told)

    return deliver


def test_a_paid_session_delivers_once(caller, provider, placed, tell, shop):
    event = provider.pay(placed.payment_number)
    assert [tell(event) for _ in range(5)] == [RECEIVED] * 5
    assert caller.verdicts() == ["accepted"] + ["duplicate"] * 4
    assert caller.effects() == ONE
    assert shop.count("SELECT trade_number FROM payment") == event["data"]["object"]["payment_intent"]
    assert "stripe-signature: t=" in shop.count("SELECT headers FROM notice ORDER BY id LIMIT 1")


def test_money_that_is_on_its_way_delivers_nothing_until_it_came(caller, provider, placed, tell):
    """C12."""
    number = placed.payment_number
    assert tell(provider.pay(number, payment_status="unpaid")) == RECEIVED
    assert caller.effects() == NOTHING
    assert tell(provider.pay(number, "checkout.session.async_payment_succeeded")) == RECEIVED
    # Told again, and out of order.
    tell(provider.pay(number))
    assert (caller.verdicts(), caller.effects()) == (["not_paid", "accepted", "duplicate"], ONE)


@pytest.mark.parametrize("kind", ["checkout.session.expired", "checkout.session.async_payment_failed"])
def test_a_session_that_came_to_nothing_changes_nothing(caller, provider, placed, tell, kind):
    session = provider.session_of(placed.payment_number)
    assert tell(provider.event(kind, session)) == RECEIVED
    assert (caller.verdicts(), caller.effects()) == (["not_paid"], NOTHING)


@pytest.mark.parametrize("kind", ["customer.created", "payment_intent.succeeded", "payout.paid"])
def test_events_of_other_kinds_are_kept_and_wait_for_nobody(caller, provider, placed, tell, shop, kind):
    assert tell(provider.event(kind, {"object": "thing"})) == RECEIVED
    assert (caller.verdicts(), caller.effects()) == (["not_paid"], NOTHING)
    assert shop.count("SELECT count(*) FROM stray") == 0


def test_no_channel_no_route(caller, provider, shop):
    """C01: signed with an empty secret while there is nothing at Stripe."""
    event = provider.event("checkout.session.completed", {})
    body, headers = provider.signed(event, secret=" ")
    for slug in ("stripe", "sandbox"):
        status, _text = caller.send(body, slug=slug, method="POST", data=body, headers=headers, content_type=None)
        assert status == (404 if slug == "stripe" else 400)
    assert caller.effects() == NOTHING


def test_an_event_that_names_another_channels_payment_pays_nothing(caller, provider, account, tell, shop):
    """C02."""
    other = shop.place(CLARA)
    begin(account, other.payment_number, method="stripe")
    assert tell(provider.pay(other.payment_number)) == RECEIVED
    assert (caller.verdicts(), caller.effects()["paid"]) == (["wrong_channel"], 0)


def test_the_other_mode_is_not_ours(caller, provider, placed, tell, shop):
    """C11: `livemode` has to be the key's, whatever it was signed with."""
    live = provider.settings(secret_key="sk_live_51Qm4ZxTvB8nRk2LwYc7HdPs9")
    transaction(payments.change_channel, "stripe", name="Stripe", settings=live, enabled=True)
    assert tell(provider.pay(placed.payment_number)) == RECEIVED
    assert (caller.verdicts(), caller.effects()) == (["foreign"], NOTHING)
    assert tell(provider.pay(placed.payment_number) | {"livemode": True}) == RECEIVED
    assert caller.effects() == ONE


def test_a_connected_account_is_another_merchant(caller, provider, placed, tell):
    """C29."""
    assert tell(provider.pay(placed.payment_number) | {"account": "acct_1T8oxK0AcRNJbwd4"}) == RECEIVED
    assert (caller.verdicts(), caller.effects()) == (["foreign"], NOTHING)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"currency": "usd"}, "wrong_currency"),
        ({"currency": "jpy"}, "wrong_currency"),
        ({"amount_total": 9999}, "short"),
        ({"amount_total": 10001}, "overpaid"),
        ({"amount_total": None}, "short"),
        ({"payment_intent": None}, "malformed"),
        ({"client_reference_id": "P0000000", "metadata": {"payment_number": "P0000000"}}, "unknown"),
        ({"client_reference_id": "P0000000"}, "malformed"),
        ({"metadata": {}}, "not_paid"),
    ],
)
def test_what_does_not_fit_the_payment_pays_nothing(caller, provider, placed, tell, changes, verdict):
    """C10 and its kin: signed well, and about something else."""
    event = provider.pay(placed.payment_number)
    event["data"]["object"] = event["data"]["object"] | changes
    tell(event)
    assert (caller.verdicts(), caller.effects()["paid"], caller.effects()["sold"]) == ([verdict], 0, 0)


def test_a_stranger_is_refused_and_kept(caller, provider, placed, tell, shop):
    event = provider.pay(placed.payment_number)
    body, headers = provider.signed(event)
    signature, json_type = headers["Stripe-Signature"], {"Content-Type": "application/json"}
    attacks = [
        {"headers": json_type},
        {"headers": json_type | {"Stripe-Signature": ""}},
        {"headers": json_type | {"Stripe-Signature": signature[:-1] + ("0" if signature[-1] != "0" else "1")}},
        {"headers": json_type | {"Stripe-Signature": signature.replace("v1=", "v0=")}},
        {"headers": {"Content-Type": "text/plain", "Stripe-Signature": signature}},
        {"body": body.replace(b"10000", b"10001"), "headers": headers},
        {"body": b"x" * 1_000_000, "headers": headers},
        {"secret": "whsec_of0another4merchant7ZtY1nRb5"},
        {"at": shop.now - 301},
        {"at": shop.now + 301},
    ]
    assert [tell(event, **attack) for attack in attacks] == [REFUSED] * len(attacks)
    assert set(caller.verdicts()) == {"malformed", "forged"}
    assert len(caller.verdicts()) == len(attacks)
    assert caller.effects() == NOTHING


def test_the_buyers_way_back_pays_nothing(visitor, caller, provider, placed, tell, shop):
    """C25: return before notice, with whatever parameters, and notice before return."""
    visitor.get(f"/orders/{placed.number}?key={placed.secret}")
    for query in ("", "?paid=1", "?session_id=cs_test_1&payment_status=paid"):
        visitor.get(f"/orders/{placed.number}/payment/return{query}")
    assert caller.effects() == NOTHING
    assert tell(provider.pay(placed.payment_number)) == RECEIVED
    visitor.get(f"/orders/{placed.number}/payment/return")
    assert caller.effects() == ONE
    assert "PS-0" in visitor.get(f"/orders/{placed.number}").text


def test_a_lost_event_is_healed_by_asking(provider, placed, account, caller, shop):
    provider.pay(placed.payment_number)
    assert trade.ask(account, placed.payment_number, shop.now) is Verdict.ACCEPTED
    assert caller.effects() == ONE
    assert json.loads(json.dumps(caller.kept())) == [["accepted", "query", "GET"]]


def test_what_was_judged_by_wrong_keys_can_be_judged_again(caller, provider, placed, tell, shop):
    """The signature is kept with the notice, and is read as of the time it came."""
    live = provider.settings(secret_key="sk_live_51Qm4ZxTvB8nRk2LwYc7HdPs9")
    transaction(payments.change_channel, "stripe", name="Stripe", settings=live, enabled=True)
    tell(provider.pay(placed.payment_number))
    transaction(payments.change_channel, "stripe", name="Stripe", settings=provider.settings(), enabled=True)
    kept = db.session.execute(db.select(payments.KeptNotice)).scalar_one()
    db.session.rollback()
    account = transaction(payments.channel_by_slug, "stripe")
    verdict = trade.replay(account, kept, shop.now + 600, actor="account:1", reason="the key was of the other mode")
    assert (verdict, caller.verdicts(), caller.effects()) == (Verdict.ACCEPTED, ["foreign", "accepted"], ONE)
