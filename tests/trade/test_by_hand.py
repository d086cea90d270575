"""Confirmed by hand: through the same act as a callback, once, and whatever the provider tells later delivers nothing twice."""

import pytest

from app import payments, trade
from app.db import transaction
from app.errors import Refusal
from app.payments import Verdict
from tests.crowd import at_once
from tests.shop import ADDRESS, Person

pytestmark = pytest.mark.both_databases
CLARA, DAN = Person("clara@example.com"), Person("dan@example.com")


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def placed(shop, anna):
    return shop.place(CLARA, via=anna)


def confirm(shop, placed, reference="T-HAND", **changes):
    told = {"reference": reference, "note": "截图", "actor": "account:1", "address": ADDRESS, "request_id": "r9"}
    return transaction(trade.confirm_by_hand, shop.order_id(placed), **told, now=shop.now, **changes)


def sold(shop):
    return shop.count("SELECT count(*) FROM card WHERE state = 'sold'")


def test_it_pays_delivers_and_lets_the_inviter_earn(shop, placed, anna):
    """D05: and the notice says who, from where and why."""
    confirm(shop, placed)
    assert shop.count("SELECT state FROM orders") == "paid"
    assert (sold(shop), shop.wallet(anna).held_fen) == (1, 1000)
    assert shop.count("SELECT source || verdict || address || request_id FROM notice") == f"handaccepted{ADDRESS}r9"
    assert bytes(shop.count("SELECT body FROM notice")).decode() == "reference=T-HAND\nnote=截图\nactor=account:1"


@pytest.mark.parametrize("real", ["T-HAND", "T-REAL"])
def test_a_later_callback_of_the_same_money_changes_nothing(shop, placed, real):
    """D05: one code. The provider's number stands from then on, and what it tells again is known."""
    confirm(shop, placed)
    query = shop.notice(placed, trade_number=real)
    assert [shop.deliver(query) for _ in range(3)] == [Verdict.DUPLICATE] * 3
    assert (sold(shop), shop.count("SELECT count(*) FROM stray")) == (1, 0)
    assert shop.count("SELECT trade_number FROM payment") == real
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == 1


@pytest.mark.parametrize("first", ["T-HAND", "T-REAL"])
def test_a_second_transfer_was_paid_twice_and_is_not_lost(shop, placed, first):
    """C20."""
    confirm(shop, placed)
    assert shop.pay(placed, trade_number=first) is Verdict.DUPLICATE
    assert shop.pay(placed, trade_number="T-SECOND") is Verdict.DOUBLE_PAID
    assert (sold(shop), shop.count("SELECT amount_fen FROM stray WHERE state = 'open'")) == (1, 10000)


def test_another_amount_is_not_the_same_money(shop, placed):
    confirm(shop, placed)
    assert shop.pay(placed, money="99.00") is Verdict.SHORT
    assert shop.count("SELECT amount_fen FROM stray WHERE state = 'open'") == 9900


def test_of_two_transfers_at_once_one_is_the_money(app, shop, placed):
    confirm(shop, placed)
    queries, channel = [shop.notice(placed) for _ in range(6)], shop.channel
    verdicts = at_once(app, [lambda query=query: shop.deliver(query, channel) for query in queries])
    assert (verdicts.count(Verdict.DUPLICATE), verdicts.count(Verdict.DOUBLE_PAID)) == (1, 5)


def test_a_callback_and_a_hand_at_once_deliver_once(app, shop, placed):
    query, channel = shop.notice(placed, trade_number="T-REAL"), shop.channel
    order_id, now = shop.order_id(placed), shop.now
    told = {"reference": "T-HAND", "note": "x", "actor": "account:1", "address": "", "request_id": "", "now": now}
    _, verdict = at_once(
        app, [lambda: transaction(trade.confirm_by_hand, order_id, **told), lambda: shop.deliver(query, channel)]
    )
    assert verdict in (Verdict.ACCEPTED, Verdict.DUPLICATE)
    assert (sold(shop), shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'")) == (1, 1)
    assert shop.deliver(query) is Verdict.DUPLICATE


def test_an_expired_order_is_taken_up(shop, placed):
    shop.now += 15 * 60
    transaction(trade.expire, shop.now)
    confirm(shop, placed)
    assert (shop.count("SELECT state FROM orders"), sold(shop)) == ("paid", 1)


@pytest.mark.parametrize("wrong", ["paid", "reused", "sold out"])
def test_it_refuses_and_changes_nothing(shop, placed, wrong):
    reference = "T-HAND"
    if wrong == "paid":
        shop.pay(placed)
    elif wrong == "reused":
        shop.pay(shop.place(DAN, address="198.51.100.9"), trade_number=reference)
    else:
        transaction(shop.product, "one", codes=1)
        placed = shop.place(DAN, slug="one", address="198.51.100.9")
        shop.now += 15 * 60
        transaction(trade.expire, shop.now)
        shop.buy(CLARA, slug="one")
    counts = ("notice", "journal", "payment")
    before = [shop.count(f"SELECT count(*) FROM {table}") for table in counts]
    with pytest.raises(Refusal) as refusal:
        confirm(shop, placed, reference)
    assert refusal.value.field == "reference"
    assert [shop.count(f"SELECT count(*) FROM {table}") for table in counts] == before


def test_a_channel_without_sound_keys_can_be_confirmed(shop, placed, monkeypatch):
    monkeypatch.setattr(type(shop.channel.gateway), "check_settings", lambda *_: {"key": "too short"})
    confirm(shop, placed)
    assert shop.count("SELECT state FROM orders") == "paid"
    assert payments.listens(shop.channel, live=False) is False


def test_nobody_spends_the_buyers_balance_for_them(shop, placed, monkeypatch):
    monkeypatch.setattr(type(shop.channel.gateway), "name", "balance")
    with pytest.raises(Refusal) as refusal:
        confirm(shop, placed)
    assert refusal.value.field == "reference"
    assert shop.count("SELECT state FROM orders") == "pending"
