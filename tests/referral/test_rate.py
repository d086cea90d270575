"""Rates: the nearest rule wins, level by level, and an explicit nothing is a rule."""

import pytest

from app import catalog, referral
from app import shop as shop_room
from app.db import db, transaction
from app.referral import Reward, Rule, split
from tests.shop import Person
from tests.test_query_counts import counted

pytestmark = pytest.mark.both_databases


def bps(first, second):
    return {
        level: None if given is None else Reward(given) if isinstance(given, int) else given
        for level, given in ((1, first), (2, second))
    }


@pytest.fixture
def save(shop):
    def save(scope, scope_id, l1, l2, **options):
        transaction(referral.write_rates, scope, scope_id, bps(l1, l2), **options)

    return save


@pytest.fixture
def inner(shop):
    """(category, product in it): the category stands below the shop's own one."""

    def build(tx):
        inner_id = catalog.save_category(tx, None, name="内层", position=2, slug="inner")
        tx.execute(
            db.text("UPDATE category SET parent_id = :up WHERE id = :id"), {"up": shop.category_id, "id": inner_id}
        )
        return inner_id, shop.product(tx, "inner", category_id=inner_id)

    return transaction(build)


@pytest.fixture
def gold(shop):
    return transaction(referral.save_tier, None, name="金牌", min_sales_fen=100_000, position=1)


@pytest.fixture
def silver(shop):
    return transaction(referral.save_tier, None, name="银牌", min_sales_fen=10_000, position=2)


def found(product_id, first=None, second=None, *, renewal=False):
    rules = referral.find_rates(db.session, product_id, tier_by_level={1: first, 2: second}, renewal=renewal)
    db.session.rollback()
    return {
        level: (rule.name, rule.fixed_fen if rule.rate_bps is None else rule.rate_bps) for level, rule in rules.items()
    }


def test_the_nearest_rule_wins(shop, save, inner):
    inner_id, product_id = inner
    assert found(product_id) == {1: ("default", 1000), 2: ("default", 500)}
    save("shop", 0, 900, 400)
    assert found(product_id) == {1: ("shop", 900), 2: ("shop", 400)}
    save("category", shop.category_id, 800, 300)
    assert found(product_id) == {1: (f"category:{shop.category_id}", 800), 2: (f"category:{shop.category_id}", 300)}
    save("category", inner_id, 700, 200)
    assert found(product_id) == {1: (f"category:{inner_id}", 700), 2: (f"category:{inner_id}", 200)}
    save("product", product_id, 600, 100)
    assert found(product_id) == {1: (f"product:{product_id}", 600), 2: (f"product:{product_id}", 100)}
    assert found(shop.product_id) == {
        1: (f"category:{shop.category_id}", 800),
        2: (f"category:{shop.category_id}", 300),
    }


def test_a_tier_stands_between_the_category_and_the_shop(shop, save, gold):
    save("shop", 0, 900, 400)
    save("tier", gold, 1200, 600)
    assert found(shop.product_id, gold, gold) == {1: (f"tier:{gold}", 1200), 2: (f"tier:{gold}", 600)}
    save("category", shop.category_id, 800, 300)
    assert found(shop.product_id, gold, gold)[1] == (f"category:{shop.category_id}", 800)


def test_each_level_has_the_tier_of_its_own_payee(shop, save, gold, silver):
    save("tier", gold, 1200, 600)
    save("tier", silver, 1100, None)
    assert found(shop.product_id, gold, silver) == {1: (f"tier:{gold}", 1200), 2: ("default", 500)}
    assert found(shop.product_id, None, gold) == {1: ("default", 1000), 2: (f"tier:{gold}", 600)}
    assert found(shop.product_id, silver, None)[1] == (f"tier:{silver}", 1100)


def test_a_product_beats_a_tier_and_the_product_for_the_tier_beats_both(shop, save, gold, silver):
    """1.6: a low-margin card cannot be drained by a VIP tier."""
    save("tier", gold, 1200, 600)
    save("product", shop.product_id, 200, 100)
    assert found(shop.product_id, gold, gold) == {
        level: (f"product:{shop.product_id}", rate) for level, rate in ((1, 200), (2, 100))
    }
    save("product_tier", shop.product_id, 300, None, tier_id=gold)
    assert found(shop.product_id, gold, gold)[1] == (f"product:{shop.product_id}×tier:{gold}", 300)
    assert found(shop.product_id, gold, gold)[2] == (f"product:{shop.product_id}", 100)
    assert found(shop.product_id, silver, silver)[1] == (f"product:{shop.product_id}", 200)


def test_the_merchant_may_put_the_tier_before_the_product(shop, save, gold):
    save("tier", gold, 1200, 600)
    save("product", shop.product_id, 200, 100)
    save("product_tier", shop.product_id, 300, None, tier_id=gold)
    transaction(shop_room.change_settings, tier_over_product=True)
    assert found(shop.product_id, gold, gold)[1] == (f"product:{shop.product_id}×tier:{gold}", 300)
    assert found(shop.product_id, gold, gold)[2] == (f"tier:{gold}", 600)
    assert found(shop.product_id)[2] == (f"product:{shop.product_id}", 100)
    transaction(shop_room.change_settings, tier_over_product=False)
    assert found(shop.product_id, gold, gold)[2] == (f"product:{shop.product_id}", 100)


def test_a_renewal_asks_for_its_own_rate_first_at_each_step(shop, save, gold):
    """E16: 500 and 250 on a renewal, 1000 and 500 on the first order; and the nearest step still wins."""
    save("shop", 0, 500, 250, renewal=True)
    assert found(shop.product_id) == {1: ("default", 1000), 2: ("default", 500)}
    again = found(shop.product_id, renewal=True)
    assert again == {1: ("shop:renewal", 500), 2: ("shop:renewal", 250)}
    save("category", shop.category_id, 800, None)
    assert found(shop.product_id, renewal=True)[1] == (f"category:{shop.category_id}", 800)
    save("product", shop.product_id, 300, None, renewal=True)
    save("product_tier", shop.product_id, 100, None, tier_id=gold, renewal=True)
    assert found(shop.product_id, renewal=True)[1] == (f"product:{shop.product_id}:renewal", 300)
    assert found(shop.product_id, gold, renewal=True)[1] == (f"product:{shop.product_id}×tier:{gold}:renewal", 100)
    assert found(shop.product_id)[1] == (f"category:{shop.category_id}", 800)


def test_a_rule_may_be_a_fixed_amount(shop, save):
    save("product", shop.product_id, Reward(fixed_fen=300), Reward(fixed_fen=0))
    rules = referral.find_rates(db.session, shop.product_id)
    name = f"product:{shop.product_id}"
    assert rules == {1: Rule(fixed_fen=300, name=name), 2: Rule(fixed_fen=0, name=name)}
    save("product", shop.product_id, 500, None)
    assert found(shop.product_id) == {1: (name, 500), 2: ("default", 500)}


def test_a_row_is_either_a_rate_or_a_fixed_amount(shop):
    insert = "INSERT INTO rate (scope, scope_id, tier_id, level, renewal, rate_bps, fixed_fen) VALUES "
    for values in ("('shop', 0, 0, 1, false, 100, 5)", "('shop', 0, 0, 1, false, NULL, NULL)"):
        with pytest.raises(Exception, match=r"(?i)check"):
            transaction(lambda tx, values=values: tx.exec_driver_sql(insert + values))


def test_many_products_are_found_by_one_statement(shop, save, inner, gold):
    _, product_id = inner
    save("product", product_id, 600, 100)
    save("tier", gold, 1200, 600)
    with counted() as statements:
        rules = referral.rates_by_product(db.session, [product_id, shop.product_id], tier_by_level={1: gold})
    assert (rules[product_id][1].rate_bps, rules[shop.product_id][1].rate_bps) == (600, 1200)
    assert len([one for one in statements if "SELECT" in one]) == 1


def test_each_level_finds_its_own_rule(save, shop):
    save("product", shop.product_id, 1200, None)
    assert found(shop.product_id) == {1: (f"product:{shop.product_id}", 1200), 2: ("default", 500)}


def test_an_explicit_nothing_is_a_rule(shop, save):
    save("product", shop.product_id, 0, 0)
    assert found(shop.product_id) == dict.fromkeys((1, 2), (f"product:{shop.product_id}", 0))
    anna = shop.member("anna@example.com")
    shop.buy(Person("clara@example.com"), via=anna)
    assert shop.wallet(anna).held_fen == 0
    assert shop.count("SELECT count(*) FROM commission") == 0


def test_a_rule_that_is_taken_away_lets_the_wider_one_through(shop, save):
    save("shop", 0, 900, 400)
    save("product", shop.product_id, 100, 50)
    save("product", shop.product_id, None, None)
    assert found(shop.product_id) == {1: ("shop", 900), 2: ("shop", 400)}


def test_there_is_no_third_level(shop):
    third = "INSERT INTO rate (scope, scope_id, tier_id, level, renewal, rate_bps) VALUES ('shop', 0, 0, 3, false, 100)"
    with pytest.raises(Exception, match=r"(?i)check"):
        transaction(lambda tx: tx.exec_driver_sql(third))


def test_a_thousand_lines_of_one_fen_earn_nothing():
    """R07: rounded down, line by line."""
    rules = {1: Rule(1000, name="shop"), 2: Rule(500, name="shop")}
    assert [split(1, 1, rules, cap_bps=2500)[0] for _ in range(1000)] == [[]] * 1000
