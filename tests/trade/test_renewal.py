"""Renewals: their own rate, for the same person and the same group of products, for so long (E16)."""

import pytest

from app import referral
from app.db import transaction
from app.referral import Reward
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def earn(shop):
    """Clara, two levels down, buys; returns what both levels earned of it."""
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    renewed = {1: Reward(rate_bps=500), 2: Reward(rate_bps=250)}
    transaction(referral.write_rates, "shop", 0, renewed, renewal=True)
    for slug in ("month", "year"):
        transaction(shop.product, slug, renewal_group="cloud", renewal_months=12)

    def act(slug, contact="clara@example.com"):
        before = shop.wallet(boris).held_fen, shop.wallet(anna).held_fen
        act.placed = shop.buy(Person(contact), via=boris, slug=slug)
        after = shop.wallet(boris).held_fen, shop.wallet(anna).held_fen
        return after[0] - before[0], after[1] - before[1]

    return act


def test_the_second_order_of_a_group_earns_as_a_renewal(shop, earn):
    assert earn("month") == (1000, 500)
    assert earn("year") == (500, 250)
    assert shop.count("SELECT rule FROM commission ORDER BY id DESC LIMIT 1") == "shop:renewal"


def test_another_person_or_another_group_does_not_renew(shop, earn):
    assert earn("month") == (1000, 500)
    assert earn("month", "dan@example.com") == (1000, 500)
    assert earn("ps") == (1000, 500)


def test_what_was_refunded_whole_is_no_first_order(shop, earn):
    earn("month")
    shop.refund(earn.placed, 10000)
    assert earn("month") == (1000, 500)


def test_it_earns_for_so_many_months(shop, earn):
    earn("month")
    shop.pass_days(12 * 30 - 1)
    assert earn("month") == (500, 250)
    shop.pass_days(1)
    assert earn("month") == (0, 0)
