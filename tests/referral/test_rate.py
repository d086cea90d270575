"""Rates: the nearest rule wins, an explicit nothing is a rule, and no rates may give away more than the cap."""

import pytest

from app import catalog, referral
from app.db import db, transaction
from app.referral import CapExceeded
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def save(shop):
    def save(scope, scope_id, l1, l2, *, reserved_bps=600, cap_bps=2500):
        rates = {1: l1, 2: l2}
        transaction(referral.save_rates, scope, scope_id, rates, reserved_bps=reserved_bps, cap_bps=cap_bps)

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


def found(product_id):
    rates = referral.find_rates(db.session, product_id)
    db.session.rollback()
    return rates


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


@pytest.mark.parametrize(
    ("scope", "l1", "l2", "reserved", "cap", "field"),
    [
        ("shop", 2000, 1000, 100, 2500, "l1_percent"),
        ("product", 2000, 1000, 100, 2500, "l1_percent"),
        ("category", 2000, 401, 100, 2500, "l1_percent"),
        ("product", 2001, None, 0, 2500, "l1_percent"),
        ("shop", 2000, 1000, 1, 9999, "l1_percent"),
        ("product", 500, 501, 0, 2500, "l2_percent"),
        ("product", 499, None, 0, 2500, "l2_percent"),
    ],
)
def test_it_saves_nothing_above_the_cap(shop, save, scope, l1, l2, reserved, cap, field):
    """E21: nor more for the second level than for the first, nor above the hard cap of 30 %."""
    scope_id = {"shop": 0, "category": shop.category_id, "product": shop.product_id}[scope]
    with pytest.raises(CapExceeded) as refusal:
        save(scope, scope_id, l1, l2, reserved_bps=reserved, cap_bps=cap)
    assert refusal.value.field == field
    assert shop.count("SELECT count(*) FROM rate") == 0


def test_a_change_of_the_shop_is_held_against_every_product(shop, save):
    """Each was good when it was saved; together they would be too much."""
    save("product", shop.product_id, 2000, None, reserved_bps=0)
    with pytest.raises(CapExceeded):
        save("shop", 0, 1000, 600, reserved_bps=0)
    assert found(shop.product_id)[2] == ("default", 500)


def test_a_row_that_was_forced_gives_way_at_the_second_level(shop):
    """E21: 2000 and 1000 on 100 yuan, with a cap of 2500."""
    force = "INSERT INTO rate (scope, scope_id, level, rate_bps) VALUES ('shop', 0, 1, 2000), ('shop', 0, 2, 1000)"
    transaction(lambda tx: tx.exec_driver_sql(force))
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    shop.buy(Person("clara@example.com"), via=boris)
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (2000, 500)
    assert shop.count("SELECT rule FROM commission WHERE level = 2") == "shop:capped"


def test_there_is_no_third_level(shop):
    third = "INSERT INTO rate (scope, scope_id, level, rate_bps) VALUES ('shop', 0, 3, 100)"
    with pytest.raises(Exception, match=r"(?i)check"):
        transaction(lambda tx: tx.exec_driver_sql(third))


def test_a_thousand_lines_of_one_fen_earn_nothing():
    """R07: rounded down, line by line."""
    rates = {1: ("shop", 1000), 2: ("shop", 500)}
    assert [referral.split(1, rates, 2500) for _ in range(1000)] == [[]] * 1000
