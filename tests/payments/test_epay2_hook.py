"""From the notice of an EPay v2 provider to the goods, through the real address: kept, refused, delivered once, refunded."""

import pytest

from app import payments, trade
from app.db import db, transaction
from tests.payments.starting import begin
from tests.shop import Person

HOOK = "/hooks/payments/epay2"
pytestmark = pytest.mark.both_databases


@pytest.fixture
def channel(shop, provider2):
    row = {"slug": "epay2", "gateway": "epay2", "name": "易支付 2", "settings": provider2.settings(), "enabled": True}
    transaction(payments.create_channel, **row, now=shop.now)
    found = payments.channel_by_slug(db.session, "epay2")
    db.session.rollback()
    return found


@pytest.fixture
def placed(shop, provider2, channel):
    shop.boris = shop.member("boris@example.com")
    placed = shop.place(Person("clara@example.com"), via=shop.boris, channel="epay2")
    begin(channel, placed.payment_number)
    return placed


def call(visitor, query):
    # What was looked at before stays as it was until the reader lets go of it.
    db.session.rollback()
    return visitor.get(f"{HOOK}?{query}")


def state(shop, placed):
    return shop.count("SELECT state FROM orders WHERE number = :number", number=placed.number)


def verdicts(shop):
    found = db.session.scalars(db.text("SELECT verdict FROM notice ORDER BY id")).all()
    db.session.rollback()
    return " ".join(found)


def test_a_notice_delivers_once(shop, provider2, visitor, placed):
    query = provider2.pay(placed.payment_number)
    for _ in range(3):
        answer = call(visitor, query)
        assert (answer.status_code, answer.data) == (200, b"success")
    assert (state(shop, placed), verdicts(shop)) == ("paid", "accepted duplicate duplicate")
    assert shop.wallet(shop.boris).held_fen == 1000


def test_what_is_forged_or_does_not_fit_is_kept_and_changes_nothing(shop, provider2, visitor, placed):
    number = placed.payment_number
    for query, status in (
        (provider2.notice(number, "stranger"), 400),
        (provider2.notice(number, "merchant"), 400),
        ("", 400),
        (f"{provider2.notice(number)}&money=100.00", 400),
        (provider2.notice(number, money="0.01"), 200),
        (provider2.notice(number, pid="1002"), 200),
        (provider2.notice(number, trade_status="WAIT_BUYER_PAY"), 200),
    ):
        assert call(visitor, query).status_code == status
    body = visitor._send("POST", HOOK, data="x" * 1_000_000, content_type="application/x-www-form-urlencoded")
    assert body.status_code == 400
    assert state(shop, placed) == "pending"
    assert verdicts(shop) == "forged forged malformed malformed short foreign not_paid malformed"


def test_a_notice_of_another_time_pays_only_when_the_provider_says_so(shop, provider2, visitor, placed, channel):
    number = placed.payment_number
    late = provider2.notice(number, timestamp=str(shop.now - 301))
    assert call(visitor, late).status_code == 400
    assert state(shop, placed) == "pending"
    provider2.pay(number)
    call(visitor, late)
    assert trade.ask(channel, number, shop.now) == "accepted"
    assert state(shop, placed) == "paid"
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == 1


def test_a_notice_of_another_channels_payment_changes_nothing(shop, provider2, visitor, placed, channel):
    """C05."""
    other = shop.place(Person("dora@example.com"), address="192.0.2.9")
    begin(channel, other.payment_number)
    assert call(visitor, provider2.pay(other.payment_number)).status_code == 200
    assert (state(shop, other), verdicts(shop)) == ("pending", "wrong_channel")


@pytest.mark.parametrize("first", ["return", "notice"])
def test_return_and_notice_are_one_payment_in_either_order(shop, provider2, visitor, placed, first):
    query = provider2.pay(placed.payment_number)
    back = f"/orders/{placed.number}/payment/return?{query}"
    for address in (back, f"{HOOK}?{query}") if first == "return" else (f"{HOOK}?{query}", back):
        db.session.rollback()
        visitor.get(address)
    assert state(shop, placed) == "paid"
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == 1


def test_a_lost_callback_is_healed_by_asking(shop, provider2, placed, channel):
    provider2.pay(placed.payment_number)
    assert trade.ask(channel, placed.payment_number, shop.now) == "accepted"
    assert state(shop, placed) == "paid"


def test_a_refund_goes_back_through_the_provider_once(shop, provider2, visitor, placed):
    call(visitor, provider2.pay(placed.payment_number))
    shop.refund(placed, 2500, way="gateway", done=False)
    provider2.signs["/api/pay/refund"] = "nobody"
    assert trade.send_refunds(shop.now) == 1
    assert shop.count("SELECT sum(amount_fen) FROM refund WHERE state = 'done'") == 2500
    (ours,) = provider2.refunds.values()
    assert ours["money"] == "25.00"
    assert shop.wallet(shop.boris).held_fen == 750
