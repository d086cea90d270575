"""One change to many products: planned in figures, done once, and nothing that changed meanwhile."""

import re
from html import unescape

import pytest

from app import audit, catalog
from app.db import db, transaction

PATH = "/admin/products/bulk_changes"


@pytest.fixture
def three(shop):
    for slug, fen in (("a", 1000), ("b", 1)):
        transaction(shop.product, slug, price_fen=fen, codes=0)


def planned(olga, query, **form):
    text = olga.get(f"{PATH}/new?{query}").text
    chosen = unescape(re.search(r'name="chosen"[^>]*value="([^"]*)"', text)[1])
    answer = olga.post(f"{PATH}/preview", {"chosen": chosen, "way": "up", "category": ""} | form)
    found = re.search(r'name="plan" value="([^"]*)"', answer.text)
    return answer, unescape(found[1]) if found else None


def prices():
    db.session.rollback()
    return [catalog.find_product(db.session, number).Sku.price_fen for number in (1, 2, 3)]


@pytest.mark.both_databases
def test_prices_go_down_once_and_one_that_would_vanish_is_refused(olga, three):
    answer, plan = planned(olga, "all=1", kind="percent", percent="100", way="down")
    assert (answer.status_code, plan) == (200, plan)
    answer, plan = planned(olga, "all=1", kind="add", amount="5", way="down")
    assert all(text in answer.text for text in ("¥100.00", "¥95.00", "¥5.00", "¥0.01"))
    for changed in (2, 0):
        assert olga.post(PATH, {"plan": plan}).location == f"/admin/products?changed={changed}"
        assert prices() == [9500, 500, 1]
    told = audit.entries_of(db.session, "product:1")
    assert [entry.change for entry in told] == [{"price_fen": (10000, 9500)}]


def test_what_changed_meanwhile_stays(olga, three, form_of):
    _, plan = planned(olga, "product=1&product=2", kind="percent", percent="10")
    olga.post("/admin/products/1", form_of("/admin/products/1/edit", "/admin/products/1", price="50"))
    assert olga.post(PATH, {"plan": plan}).location.endswith("changed=1")
    assert prices() == [5000, 1100, 1]


def test_state_category_and_commission_change_for_those_that_fit(olga, three):
    _, plan = planned(olga, "product=2&product=3", kind="archive")
    olga.post(PATH, {"plan": plan})
    assert olga.get("/p/a").status_code == 410
    assert planned(olga, "product=2&product=3", kind="publish")[1] is None
    for kind in ("unpublish", "uncommissionable", "category"):
        _, plan = planned(olga, "product=1", kind=kind)
        assert olga.post(PATH, {"plan": plan}).status_code == 303
    db.session.rollback()
    product = catalog.find_product(db.session, 1).Product
    assert (product.state, product.commissionable, product.category_id) == ("draft", False, None)


def test_a_forged_plan_and_a_form_without_sense_change_nothing(olga, three):
    assert olga.post(PATH, {"plan": "forged"}).status_code == 422
    assert planned(olga, "product=1", kind="x")[0].status_code == 422
    for kind, field, text in (("add", "amount", "1e2"), ("add", "amount", ""), ("percent", "percent", "")):
        answer, _ = planned(olga, "product=1", kind=kind, **{field: text})
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert "button-main" in olga.get(f"{PATH}/new?product=x").text
    assert prices() == [10000, 1000, 1]


def test_the_list_is_filtered_by_category_and_by_few_codes(olga, three, shop):
    slug = catalog.list_categories(db.session)[0].slug
    assert olga.get(f"/admin/products?category={slug}").text.count("<tr>") == 4
    assert olga.get("/admin/products?short=1").text.count("<tr>") == 3
    assert olga.get("/admin/products?short=1&q=ps").text.count("<tr>") == 0
