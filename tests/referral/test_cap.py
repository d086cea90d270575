"""The cap: whatever can occur is checked when it is saved, and what was forced gives way when it is paid."""

import pytest

from app import referral
from app.db import transaction
from app.referral import CapExceeded, Reward
from tests.referral.test_rate import bps
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def save(shop):
    def save(scope, scope_id, l1, l2, *, self_bps=500, pool_bps=100, cap_bps=2500, **options):
        limits = {"self_bps": self_bps, "pool_bps": pool_bps, "cap_bps": cap_bps}
        transaction(referral.save_rates, scope, scope_id, bps(l1, l2), **limits, **options)

    return save


@pytest.fixture
def gold(shop):
    return transaction(referral.save_tier, None, name="金牌", min_sales_fen=100_000, position=1)


@pytest.mark.parametrize(
    ("scope", "l1", "l2", "own", "pool", "cap", "field"),
    [
        ("shop", 2000, 1000, 0, 100, 2500, "l1"),
        ("product", 2000, 1000, 0, 100, 2500, "l1"),
        ("category", 2000, 401, 0, 100, 2500, "l1"),
        ("product", 2001, None, 0, 0, 2500, "l1"),
        ("product", 1500, None, 500, 100, 2500, "l1"),
        ("shop", 2000, 1000, 0, 1, 9999, "l1"),
        ("product", 500, 501, 0, 0, 2500, "l2"),
        ("product", 499, None, 0, 0, 2500, "l2"),
        ("shop", 400, 400, 500, 100, 2500, "self_percent"),
    ],
)
def test_it_saves_nothing_above_the_cap(shop, save, scope, l1, l2, own, pool, cap, field):
    """E21: nor more for the second level than for the first, nor above the hard cap of 30 %."""
    scope_id = {"shop": 0, "category": shop.category_id, "product": shop.product_id}[scope]
    with pytest.raises(CapExceeded) as refusal:
        save(scope, scope_id, l1, l2, self_bps=own, pool_bps=pool, cap_bps=cap)
    assert refusal.value.field == field
    assert shop.count("SELECT count(*) FROM rate") == 0


def test_it_says_which_combination_breaks_it(shop, save, gold):
    save("tier", gold, 1200, 600)
    with pytest.raises(CapExceeded) as refusal:
        save("product_tier", shop.product_id, None, 950, tier_id=gold)
    assert "教程 ps, 金牌 / 金牌: " in str(refusal.value)
    assert "27.5%" in str(refusal.value)
    with pytest.raises(CapExceeded) as refusal:
        save("category", shop.category_id, 1900, None)
    assert str(refusal.value).startswith("课程, no tier / 金牌: ")


def test_a_change_of_the_shop_is_held_against_every_product(shop, save):
    """Each was good when it was saved; together they would be too much."""
    save("product", shop.product_id, 2000, None, self_bps=0, pool_bps=0)
    with pytest.raises(CapExceeded):
        save("shop", 0, 1000, 600, self_bps=0, pool_bps=0)


def test_two_tiers_that_meet_are_held_against_the_cap(shop, save, gold):
    """Each alone is good: level 1 by one tier with level 2 by another is not."""
    silver = transaction(referral.save_tier, None, name="银牌", min_sales_fen=5, position=2)
    save("tier", gold, 1400, 400)
    with pytest.raises(CapExceeded) as refusal:
        save("tier", silver, 1000, 600)
    assert "金牌 / 银牌" in str(refusal.value)


def test_a_second_level_never_earns_more_than_a_first_of_another_tier(shop, save, gold):
    save("shop", 0, 600, 300)
    with pytest.raises(CapExceeded) as refusal:
        save("tier", gold, 1200, 700)
    assert (refusal.value.field, "all products, no tier / 金牌: " in str(refusal.value)) == ("l2", True)


def test_a_renewal_never_earns_more_than_a_first_purchase(shop, save):
    save("shop", 0, 500, 250, renewal=True)
    with pytest.raises(CapExceeded) as refusal:
        save("product", shop.product_id, 1001, None, renewal=True)
    assert refusal.value.field == "l1_renewal"
    with pytest.raises(CapExceeded) as refusal:
        save("product", shop.product_id, 200, None, renewal=True)
    assert refusal.value.field == "l2_renewal"


def test_a_fixed_amount_is_held_against_the_price(shop, save):
    """10 yuan of 100, bought with 5 % off, is 10.53 %, and 15 yuan are 15.79 %."""
    save("product", shop.product_id, Reward(fixed_fen=1000), None)
    with pytest.raises(CapExceeded) as refusal:
        save("product", shop.product_id, Reward(fixed_fen=1500), None)
    assert "26.79%" in str(refusal.value)


def test_a_fixed_amount_of_the_shop_is_held_against_its_cheapest_and_its_dearest_product(shop, save):
    save("shop", 0, Reward(fixed_fen=1000), 300)
    transaction(shop.product, "cheap", price_fen=1500)
    with pytest.raises(CapExceeded) as refusal:
        save("shop", 0, Reward(fixed_fen=999), 300)
    assert "教程 cheap: " in str(refusal.value)
    transaction(shop.product, "dear", price_fen=900_000)
    transaction(referral.write_rates, "product", 2, bps(1000, 300))
    with pytest.raises(CapExceeded) as refusal:
        save("shop", 0, Reward(fixed_fen=999), 300)
    assert (refusal.value.field, "教程 dear: " in str(refusal.value)) == ("l2", True)


def test_a_product_without_commission_breaks_nothing(shop, save):
    transaction(shop.product, "cheap", price_fen=1500, commissionable=False)
    save("shop", 0, Reward(fixed_fen=1000), 300)


def test_a_row_that_was_forced_gives_way_at_the_second_level(shop):
    """E21: 2000 and 1000 on 100 yuan, with a cap of 2500."""
    transaction(referral.write_rates, "shop", 0, bps(2000, 1000))
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    shop.buy(Person("clara@example.com"), via=boris)
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (2000, 500)
    assert shop.count("SELECT rule FROM commission WHERE level = 2") == "shop:capped"
