"""Release: T+N to the second, the same ledger by the worker and on demand, debts first (distribution 1.10)."""

import pytest

from app import settlement
from app.clock import DAY
from app.db import transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def pair(shop):
    """Anna invited Boris, Boris brought Clara, who bought for 100 yuan."""
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    placed = shop.buy(Person("clara@example.com"), via=boris)
    return anna, boris, placed


def test_nothing_is_released_a_second_too_early(shop, pair):
    anna, boris, _ = pair
    shop.pass_days(7, -1)
    assert (shop.wallet(boris).held_fen, shop.wallet(boris).available_fen) == (1000, 0)
    shop.pass_days(0, 1)
    assert (shop.wallet(boris).held_fen, shop.wallet(boris).available_fen) == (0, 1000)
    assert (shop.wallet(anna).held_fen, shop.wallet(anna).available_fen) == (0, 500)


def test_twice_is_once(shop, pair):
    shop.pass_days(7)
    shop.pass_days(0)
    shop.pass_days(7)
    assert shop.wallet(pair[1]).available_fen == 1000
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'mature'") == 1


def test_on_demand_gives_the_same_ledger(shop, pair):
    shop.now += 7 * DAY
    assert transaction(settlement.release_for, [shop.node(pair[1]).id], shop.now) == 1
    assert shop.wallet(pair[1]).available_fen == 1000
    assert transaction(settlement.release_due, shop.now) == 0


def test_each_line_matures_by_its_own_hold(shop):
    transaction(shop.product, "long", hold_days=30)
    anna = shop.member("anna@example.com")
    shop.buy(Person("clara@example.com"), via=anna)
    shop.buy(Person("dan@example.com"), via=anna, slug="long")
    shop.pass_days(7)
    assert (shop.wallet(anna).held_fen, shop.wallet(anna).available_fen) == (1000, 1000)
    shop.pass_days(23)
    assert (shop.wallet(anna).held_fen, shop.wallet(anna).available_fen) == (0, 2000)


def test_matured_net_sales_fund_the_pool(shop, pair):
    shop.pass_days(7)
    assert shop.count("SELECT -sum(amount_fen) FROM posting WHERE account LIKE 'liab:pool:%'") == 100
    shop.refund(pair[2], 3333)
    assert shop.count("SELECT -sum(amount_fen) FROM posting WHERE account LIKE 'liab:pool:%'") == 66


def test_direct_sales_that_matured_count_for_the_tier(shop, pair):
    anna, boris, placed = pair
    shop.pass_days(7)
    sales = "SELECT coalesce(sum(sales_fen), 0) FROM node_sales WHERE node_id = :id"
    assert shop.count(sales, id=shop.node(boris).id) == 10000
    assert shop.count(sales, id=shop.node(anna).id) == 0
    shop.refund(placed, 4000)
    assert shop.count(sales, id=shop.node(boris).id) == 6000
