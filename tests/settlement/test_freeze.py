"""Freezing: what a dispute or a suspension keeps waiting, and how it is let go (E9's arithmetic, R13, 1.3.15)."""

import pytest

from app import settlement
from app.db import transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sold(shop):
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    return anna, boris, shop.buy(Person("clara@example.com"), via=boris)


def parts(shop, person):
    wallet = shop.wallet(person)
    return wallet.held_fen, wallet.available_fen, wallet.frozen_fen, wallet.debt_fen


def test_a_split_leaves_the_rest_where_it_came_from(shop, sold):
    """E9: frozen on day 3, T+7 moves nothing, 40 of 100 yuan go back, the rest is past its hold and matures at once."""
    shop.pass_days(3)
    transaction(settlement.freeze, "dispute:1", order_id=shop.order_id(sold[2]), now=shop.now)
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)
    shop.pass_days(7)
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)
    shop.refund(sold[2], 4000)
    assert parts(shop, sold[1]) == (0, 0, 600, 0)
    transaction(settlement.unfreeze, "dispute:1", shop.now)
    assert parts(shop, sold[1]) == (0, 600, 0, 0)
    assert parts(shop, sold[0]) == (0, 300, 0, 0)


def test_one_second_before_maturity_is_early_enough(shop, sold):
    """R13."""
    shop.pass_days(7, -1)
    transaction(settlement.freeze, "dispute:1", order_id=shop.order_id(sold[2]), now=shop.now)
    shop.pass_days(0, 1)
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)


def test_it_goes_back_to_held_while_the_hold_lasts(shop, sold):
    transaction(settlement.freeze, "dispute:1", order_id=shop.order_id(sold[2]), now=shop.now)
    transaction(settlement.unfreeze, "dispute:1", shop.now)
    assert parts(shop, sold[1]) == (1000, 0, 0, 0)
    shop.pass_days(7)
    assert parts(shop, sold[1]) == (0, 1000, 0, 0)


def test_matured_money_is_frozen_and_comes_back_available(shop, sold):
    shop.pass_days(7)
    transaction(settlement.freeze, "dispute:1", order_id=shop.order_id(sold[2]), now=shop.now)
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)
    transaction(settlement.unfreeze, "dispute:1", shop.now)
    assert parts(shop, sold[1]) == (0, 1000, 0, 0)


def test_the_last_cause_lets_go(shop, sold):
    order_id = shop.order_id(sold[2])
    transaction(settlement.freeze, "dispute:1", order_id=order_id, now=shop.now)
    transaction(settlement.freeze, "suspension:9", payee_ids=[shop.node(sold[1]).id], now=shop.now)
    transaction(settlement.unfreeze, "dispute:1", shop.now)
    shop.pass_days(8)
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)
    assert parts(shop, sold[0]) == (0, 500, 0, 0)
    transaction(settlement.unfreeze, "suspension:9", shop.now)
    assert parts(shop, sold[1]) == (0, 1000, 0, 0)


def test_a_person_is_frozen_with_everything(shop, sold):
    shop.pass_days(7)
    shop.buy(Person("dan@example.com"), via=sold[1])
    transaction(settlement.freeze, "ban:1", payee_ids=[shop.node(sold[1]).id], now=shop.now)
    assert parts(shop, sold[1]) == (0, 0, 2000, 0)
    transaction(settlement.unfreeze, "ban:1", shop.now)
    assert parts(shop, sold[1]) == (1000, 1000, 0, 0)


def test_rows_that_fraud_made_are_taken_back_and_the_rest_returned(shop, sold):
    shop.buy(Person("dan@example.com"), via=sold[1])
    boris = shop.node(sold[1]).id
    transaction(settlement.freeze, "ban:1", payee_ids=[boris], now=shop.now)
    bad = shop.count("SELECT max(id) FROM commission WHERE payee_id = :id", id=boris)
    transaction(settlement.reverse_rows, "ban:1", [bad], shop.now)
    transaction(settlement.unfreeze, "ban:1", shop.now)
    assert parts(shop, sold[1]) == (1000, 0, 0, 0)
    assert parts(shop, sold[0])[0] == 1000


def test_twice_under_one_cause_is_once(shop, sold):
    order_id = shop.order_id(sold[2])
    for _ in range(2):
        transaction(settlement.freeze, "dispute:1", order_id=order_id, now=shop.now)
    for _ in range(2):
        transaction(settlement.unfreeze, "dispute:1", shop.now)
    assert parts(shop, sold[1]) == (1000, 0, 0, 0)
