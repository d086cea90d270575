"""Tiers: reached by matured sales of one's own, never by recruits; each level earns by the tier of its own payee."""

import pytest

from app import referral
from app.db import db, transaction
from app.errors import Refusal
from app.referral import Reward
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def tiers(shop):
    """(silver from 100 yuan, gold from 1000 yuan), made in the other order."""

    def build(tx):
        gold = referral.save_tier(tx, None, name="金牌", min_sales_fen=100_000, position=1)
        return referral.save_tier(tx, None, name="银牌", min_sales_fen=10_000, position=2), gold

    return transaction(build)


def tier(shop, *people):
    ids = [shop.node(person).id for person in people]
    found = referral.tier_of(db.session, ids)
    db.session.rollback()
    assert list(found) == ids
    return list(found.values())


def sell(shop, person, fen):
    transaction(referral.add_sales, shop.node(person).id, fen)


def test_the_highest_tier_that_the_sales_reach(shop, tiers):
    silver, gold = tiers
    anna = shop.member("anna@example.com")
    for fen, expected in ((0, None), (9_999, None), (1, silver), (89_999, silver), (1, gold), (10**12, gold)):
        sell(shop, anna, fen)
        assert tier(shop, anna) == [expected]


def test_a_refund_takes_it_away_again(shop, tiers):
    silver, _ = tiers
    anna = shop.member("anna@example.com")
    sell(shop, anna, 10_000)
    sell(shop, anna, -1)
    assert tier(shop, anna) == [None]
    sell(shop, anna, -20_000)
    assert tier(shop, anna) == [None]
    sell(shop, anna, 20_001)
    assert tier(shop, anna) == [silver]


def test_recruits_count_for_nothing(shop, tiers):
    """Anna brought five members and sold nothing; Boris brought nobody and sold."""
    anna, boris = shop.member("anna@example.com"), shop.member("boris@example.com")
    for number in range(5):
        shop.member(f"p{number}@example.com", via=anna)
    sell(shop, boris, 10_000)
    assert tier(shop, anna, boris) == [None, tiers[0]]


def test_a_tier_without_sales_holds_for_everybody(shop, tiers):
    everybody = transaction(referral.save_tier, None, name="新人", min_sales_fen=0, position=3)
    assert tier(shop, shop.member("anna@example.com")) == [everybody]


def test_what_a_claimed_guest_sold_counts_for_the_account(shop, tiers):
    guest = Person("guest@example.com")
    shop.buy(guest)
    anna = shop.member("anna@example.com")
    sell(shop, guest, 6_000)
    sell(shop, anna, 4_000)
    assert tier(shop, anna) == [None]
    transaction(referral.merge_node, shop.node(guest).id, shop.node(anna).id)
    assert tier(shop, anna) == [tiers[0]]


def test_each_level_earns_by_the_tier_of_its_own_payee(shop, tiers):
    silver, gold = tiers
    for tier_id, first, second in ((silver, 1100, 600), (gold, 1200, 700)):
        rewards = {1: Reward(first), 2: Reward(second)}
        transaction(referral.save_rates, "tier", tier_id, rewards, self_bps=500, pool_bps=100, cap_bps=2500)
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    sell(shop, anna, 100_000)
    sell(shop, boris, 10_000)
    shop.buy(Person("clara@example.com"), via=boris)
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (1100, 700)
    rules = "SELECT rule FROM commission WHERE level = :level"
    assert [shop.count(rules, level=level) for level in (1, 2)] == [f"tier:{silver}", f"tier:{gold}"]


def test_an_order_does_not_count_for_its_own_commission(shop, tiers):
    """Ten thousand bought at once make nobody silver before they have matured."""
    anna = shop.member("anna@example.com")
    shop.buy(Person("clara@example.com"), via=anna)
    assert tier(shop, anna) == [None]


def test_two_tiers_have_neither_the_same_name_nor_the_same_start(shop, tiers):
    with pytest.raises(Refusal) as refusal:
        transaction(referral.save_tier, None, name=" 金牌 ", min_sales_fen=5, position=3)
    assert refusal.value.field == "name"
    with pytest.raises(Refusal) as refusal:
        transaction(referral.save_tier, tiers[0], name="银牌", min_sales_fen=100_000, position=2)
    assert refusal.value.field == "min_sales"
    transaction(referral.save_tier, tiers[0], name="白银", min_sales_fen=20_000, position=5)
    listed = [(row.name, row.min_sales_fen) for row in referral.list_tiers(db.session)]
    assert listed == [("金牌", 100_000), ("白银", 20_000)]


def test_the_margin_is_guarded_where_the_cost_is_known(shop):
    """100 yuan that cost 91: 9 yuan for level 1, nothing for level 2, and the row says why."""
    transaction(shop.product, "thin", cost_fen=9100)
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    shop.buy(Person("clara@example.com"), via=boris, slug="thin")
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (900, 0)
    row = db.session.execute(db.text("SELECT rule, rate_bps, fixed_fen, gross_fen FROM commission")).one()
    assert tuple(row) == ("default:margin", None, 900, 900)
