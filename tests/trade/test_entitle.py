"""Goods by their nature: what is used is earned, at both levels, through the real acts (E11, E13, E15)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import current_app

from app import clock, delivery, trade
from app.db import db, transaction
from app.errors import Refusal
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sell(shop):
    """Sell one product of a nature to a buyer two levels down, and say who earns."""
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)

    def act(price_fen, **nature):
        transaction(shop.product, "goods", price_fen=price_fen, **nature)
        placed = shop.buy(Person("clara@example.com"), via=boris, slug="goods")
        return shop.order_id(placed), shop.count("SELECT max(id) FROM order_line"), placed, boris, anna

    return act


def available(shop, person):
    wallet = shop.wallet(person)
    return wallet.available_fen, wallet.held_fen


def right(order_id):
    found = delivery.rights_of_order(db.session, order_id)
    db.session.rollback()
    return next(iter(found.values()))


def test_validity_is_earned_by_the_day_and_a_refund_of_the_rest_leaves_it(shop, sell):
    """E11."""
    _, _, placed, boris, anna = sell(9900, vesting="validity", validity_days=30)
    seen = {}
    for day in range(1, 11):
        shop.pass_days(1)
        seen[day] = available(shop, boris)[0]
    assert (seen[6], seen[7], seen[10]) == (0, 231, 330)
    shop.refund(placed, 6600)
    assert available(shop, boris) == (330, 0)
    assert available(shop, anna) == (165, 0)
    shop.pass_days(30)
    assert available(shop, boris) == (330, 0)


def test_validity_that_is_kept_is_earned_whole(shop, sell):
    _, _, _, boris, _ = sell(9900, vesting="validity", validity_days=30)
    for days, fen in ((15, 495), (14, 957), (1, 990)):
        shop.pass_days(days)
        assert available(shop, boris)[0] == fen


def test_uses_are_earned_one_by_one_and_the_unused_ones_go_back(shop, sell):
    """E13."""
    order_id, line_id, placed, boris, _ = sell(999, vesting="use_count", uses=7)
    shop.pass_days(7)
    seen = []
    for _ in range(3):
        transaction(trade.use, order_id, line_id, 1, "account:1", shop.now)
        seen.append(available(shop, boris)[0])
    assert seen == [14, 28, 42]
    shop.refund(placed, 570)
    assert available(shop, boris) == (42, 0)


def test_uses_before_the_hold_is_over_are_earned_when_it_is(shop, sell):
    order_id, line_id, _, boris, _ = sell(999, vesting="use_count", uses=7)
    transaction(trade.use, order_id, line_id, 7, "buyer", shop.now)
    assert available(shop, boris) == (0, 99)
    shop.pass_days(7)
    assert available(shop, boris) == (99, 0)


def test_unused_uses_are_a_final_sale_at_their_expiry(shop, sell):
    order_id, line_id, _, boris, _ = sell(999, vesting="use_count", uses=7, validity_days=30)
    transaction(trade.use, order_id, line_id, 3, "buyer", shop.now)
    shop.pass_days(29)
    assert available(shop, boris) == (42, 57)
    shop.pass_days(1)
    assert available(shop, boris) == (99, 0)


def test_unused_uses_are_forfeited_where_the_product_says_so(shop, sell):
    order_id, line_id, _, boris, _ = sell(999, vesting="use_count", uses=7, validity_days=30, forfeit_unused=True)
    transaction(trade.use, order_id, line_id, 3, "buyer", shop.now)
    shop.pass_days(30)
    assert available(shop, boris) == (42, 0)


def test_the_first_use_starts_the_hold(shop, sell):
    """E15."""
    order_id, line_id, _, boris, _ = sell(10000, vesting="first_use", validity_days=90)
    shop.pass_days(20)
    assert available(shop, boris) == (0, 1000)
    transaction(trade.activate, order_id, line_id, "buyer", shop.now)
    shop.pass_days(7, -1)
    assert available(shop, boris) == (0, 1000)
    shop.pass_days(0, 1)
    assert available(shop, boris) == (1000, 0)


def test_what_is_never_activated_is_earned_at_its_expiry(shop, sell):
    _, _, _, boris, _ = sell(10000, vesting="first_use", validity_days=90)
    shop.pass_days(90, -1)
    assert available(shop, boris) == (0, 1000)
    shop.pass_days(0, 1)
    assert available(shop, boris) == (1000, 0)


def test_no_more_is_used_than_was_bought_however_many_ask_at_once(shop, sell):
    order_id, line_id, _, _, _ = sell(999, vesting="use_count", uses=7)
    app = current_app._get_current_object()

    def ask(_):
        with app.app_context():
            try:
                transaction(trade.use, order_id, line_id, 2, "buyer", shop.now)
                return 1
            except Refusal:
                return 0

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 3
    assert right(order_id).uses_left == 1


@pytest.mark.parametrize("count", [0, -1, 8])
def test_a_count_that_cannot_be_is_refused(shop, sell, count):
    order_id, line_id, _, _, _ = sell(999, vesting="use_count", uses=7)
    with pytest.raises(Refusal):
        transaction(trade.use, order_id, line_id, count, "buyer", shop.now)


def test_what_was_refunded_whole_cannot_be_used(shop, sell):
    order_id, line_id, placed, _, _ = sell(999, vesting="use_count", uses=7)
    shop.refund(placed, 999)
    with pytest.raises(Refusal):
        transaction(trade.use, order_id, line_id, 1, "buyer", shop.now)


def test_a_line_of_another_order_cannot_be_used(shop, sell):
    _, line_id, _, _, _ = sell(999, vesting="use_count", uses=7)
    other = shop.order_id(shop.buy(Person("dan@example.com")))
    with pytest.raises(Refusal):
        transaction(trade.use, other, line_id, 1, "buyer", shop.now)


def test_a_second_activation_is_refused_and_one_after_the_time_too(shop, sell):
    order_id, line_id, _, _, _ = sell(10000, vesting="first_use", validity_days=90)
    with pytest.raises(Refusal):
        transaction(trade.activate, order_id, line_id, "buyer", shop.now + 90 * clock.DAY)
    transaction(trade.activate, order_id, line_id, "buyer", shop.now)
    with pytest.raises(Refusal):
        transaction(trade.activate, order_id, line_id, "buyer", shop.now)
