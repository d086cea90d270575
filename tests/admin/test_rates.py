"""Rates and tiers at the merchant's desk."""

import pytest

from app import audit, referral
from app import shop as shop_room
from app.db import db, transaction
from app.referral import Reward, Rule

RATES = "/admin/rates"
TIERS = "/admin/tiers"
PRODUCT = "/admin/products/1"


@pytest.fixture
def gold(shop):
    return transaction(referral.save_tier, None, name="金牌", min_sales_fen=100_000, position=1)


@pytest.fixture
def filled(form_of, gold):
    return form_of(RATES, RATES)


def saved(scope, *key, renewal=False):
    db.session.rollback()
    return referral.list_rates(db.session, scope, renewal=renewal).get(key or (0, 0), {})


def settings():
    db.session.rollback()
    return shop_room.read_settings(db.session)


@pytest.mark.both_databases
def test_it_saves_the_whole_matrix_at_once(olga, filled, form_of):
    changes = {"self_percent": "4", "pool_percent": "1.5", "max_percent": "28", "tier_over_product": "y"}
    changes |= {"shop0-l1": "9", "shop0-l2": "4.5", "shop0-l1_renewal": "3", "shop0-l2_renewal": "2"}
    changes |= {"category1-l1": "5.00", "category1-l1_unit": "yuan", "tier1-l1": "12", "tier1-l2": "0"}
    assert olga.post(RATES, filled | changes).status_code == 303
    now = settings()
    assert (now.self_bps, now.pool_bps, now.max_total_bps) == (400, 150, 2800)
    assert (now.margin_guard, now.tier_over_product) == (True, True)
    assert saved("shop") == {1: Reward(900), 2: Reward(450)}
    assert saved("shop", renewal=True) == {1: Reward(300), 2: Reward(200)}
    assert saved("category", 1, 0) == {1: Reward(fixed_fen=500)}
    assert saved("tier", 1, 0) == {1: Reward(1200), 2: Reward(0)}
    again = form_of(RATES, RATES)
    assert {name: again[name] for name in changes} == changes
    told = {entry.act: entry.change for entry in audit.entries_of(db.session, "setting:rates")}
    assert told["setting.update"]["self_bps"] == (500, 400)
    assert told["rate.update"]["category:1 level 1"] == (None, "¥5.00")


def test_what_is_left_blank_goes_back_to_the_wider_rule(olga, filled):
    olga.post(RATES, filled | {"shop0-l1": "9", "shop0-l2": "4"})
    olga.post(RATES, filled)
    assert saved("shop") == {}
    assert referral.find_rates(db.session, 1)[1] == Rule(1000)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"shop0-l1": "20"}, "25%"),
        ({"self_percent": "10", "pool_percent": "1"}, "25%"),
        ({"max_percent": "15"}, "15%"),
        ({"tier1-l2": "11"}, "金牌"),
        ({"category1-l1": "4"}, "课程"),
        ({"shop0-l1_renewal": "11"}, ""),
        ({"shop0-l1": "90", "shop0-l1_unit": "yuan"}, "教程 ps"),
        ({"self_percent": "11", "pool_percent": "0", "shop0-l1": "10", "shop0-l2": "2"}, ""),
    ],
)
def test_it_saves_nothing_that_breaks_the_cap_and_says_what_does(olga, filled, changes, told):
    answer = olga.post(RATES, filled | changes)
    assert answer.status_code == 422
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert alert
    assert told in alert
    assert saved("shop") == saved("category", 1, 0) == saved("tier", 1, 0) == {}
    assert settings().self_bps == 500


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("self_percent", ("", "31", "-1", "１")),
        ("pool_percent", ("", "5.01", "x")),
        ("max_percent", ("", "30.01", "100")),
        ("shop0-l1", ("31", "-1", "1.234", "１０", "ten")),
        ("tier1-l2_renewal", ("30.01", "x")),
        ("category1-l1", ("x", "30.5")),
    ],
)
def test_it_says_beside_the_field_what_is_wrong(olga, filled, field, values):
    for value in values:
        answer = olga.post(RATES, filled | {field: value})
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), value


def test_a_fixed_amount_is_written_in_one_spelling_only(olga, filled):
    for value in ("1e2", "1,5", "1.234", "-1", "１", "1000000.01"):
        answer = olga.post(RATES, filled | {"category1-l1": value, "category1-l1_unit": "yuan"})
        assert (answer.status_code, 'id="category1-l1-error"' in answer.text) == (422, True), value
    assert saved("category", 1, 0) == {}


def test_an_unknown_unit_is_per_cent(olga, filled):
    assert olga.post(RATES, filled | {"shop0-l1": "9", "shop0-l1_unit": "gold"}).status_code == 303
    assert saved("shop") == {1: Reward(900)}


@pytest.mark.both_databases
def test_a_product_has_rates_for_each_tier(olga, gold, form_of):
    changes = {"l1": "8", "l1_renewal": "4", "l2_renewal": "2", "t1-l1": "3.00", "t1-l1_unit": "yuan", "t1-l2": "1"}
    changes |= {"t1-l1_renewal": "2", "t1-l2_renewal": "1"}
    assert olga.post(PRODUCT, form_of(f"{PRODUCT}/edit", PRODUCT, l2="3") | changes).status_code == 303
    name = f"product:1×tier:{gold}"
    of_gold = {1: gold, 2: gold}
    db.session.rollback()
    assert referral.find_rates(db.session, 1, tier_by_level=of_gold) == {
        1: Rule(fixed_fen=300, name=name),
        2: Rule(100, name=name),
    }
    assert referral.find_rates(db.session, 1, renewal=True)[1] == Rule(400, name="product:1:renewal")
    again = form_of(f"{PRODUCT}/edit", PRODUCT)
    assert (again["t1-l1"], again["t1-l1_unit"], again["l1_renewal"]) == ("3.00", "yuan", "4")
    assert (
        olga.post(PRODUCT, again | {"t1-l1": "", "t1-l2": "", "t1-l1_renewal": "", "t1-l2_renewal": ""}).status_code
        == 303
    )
    assert saved("product_tier", 1, gold) == {}


def test_a_products_tier_breaks_the_cap_too(olga, gold, form_of):
    answer = olga.post(PRODUCT, form_of(f"{PRODUCT}/edit", PRODUCT) | {"t1-l1": "20"})
    assert (answer.status_code, "金牌" in answer.text) == (422, True)
    answer = olga.post(PRODUCT, form_of(f"{PRODUCT}/edit", PRODUCT) | {"t1-l1": "ten"})
    assert (answer.status_code, 'id="t1-l1-error"' in answer.text) == (422, True)
    assert saved("product_tier", 1, gold) == {}


@pytest.mark.both_databases
def test_it_adds_and_changes_tiers(olga, form_of):
    new = form_of(TIERS, TIERS, name="银牌", min_sales="100", position="2")
    assert olga.post(TIERS, new).status_code == 303
    changed = form_of(TIERS, f"{TIERS}/1") | {"t1-name": "白银", "t1-min_sales": "200.50"}
    assert olga.post(f"{TIERS}/1", changed, page=TIERS).status_code == 303
    db.session.rollback()
    assert [tuple(row) for row in referral.list_tiers(db.session)] == [(1, "白银", 20050, 2)]
    assert "白银" in olga.get(RATES).text


def test_it_refuses_tiers_that_are_there_already(olga, gold, form_of):
    new = form_of(TIERS, TIERS, name="金牌", min_sales="5")
    assert 'id="name-error"' in olga.post(TIERS, new).text
    assert 'id="min_sales-error"' in olga.post(TIERS, new | {"name": "银牌", "min_sales": "1000"}).text
    assert 'id="min_sales-error"' in olga.post(TIERS, new | {"name": "银牌", "min_sales": "1e3"}).text
    changed = form_of(TIERS, f"{TIERS}/{gold}") | {f"t{gold}-name": ""}
    assert f'id="t{gold}-name-error"' in olga.post(f"{TIERS}/{gold}", changed, page=TIERS).text
    assert olga.post(f"{TIERS}/99", {"t99-name": "x"}).status_code == 404


def test_hostile_names_stay_inert(olga, form_of):
    text = "<img src=x onerror=alert(1)>"
    olga.post(TIERS, form_of(TIERS, TIERS, name=text, min_sales="5"))
    for page in (TIERS, RATES, f"{PRODUCT}/edit"):
        assert "<img src=x" not in olga.get(page).text, page
