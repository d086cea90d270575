"""The archive and copies of products."""

from app import catalog, referral
from app.db import db
from tests.shop import Person


def saved(product_id):
    db.session.rollback()
    return catalog.find_product(db.session, product_id).Product


def test_an_archived_product_is_not_sold_and_its_link_says_so(olga, shop):
    placed = shop.buy(Person("anna@example.com"))
    assert olga.get("/admin/products/1/archive/new").status_code == 200
    for _ in range(2):
        assert olga.post("/admin/products/1/archive").status_code == 303
    answer = olga.get("/p/ps")
    assert (answer.status_code, "教程 ps" in answer.text) == (410, True)
    assert "/p/ps" not in olga.get("/").text
    assert "<tr>" not in olga.get("/admin/products").text
    assert "教程 ps" in olga.get("/admin/products?state=archived").text
    assert olga.get(f"/admin/orders/{placed.number}").status_code == 200
    assert olga.post("/admin/products/1/publication").status_code == 422
    assert olga.post("/admin/products/1/archive/removal").status_code == 303
    assert saved(1).state == "draft"


def test_a_copy_is_a_draft_with_rates_and_without_codes(olga, form_of):
    olga.post("/admin/products/1", form_of("/admin/products/1/edit", "/admin/products/1", l1="12", l2="3"))
    form = form_of("/admin/products/1/copies/new", "/admin/products/1/copies")
    assert form["slug"] == "ps-2"
    assert olga.post("/admin/products/1/copies", form).location == "/admin/products/2/edit?saved=1"
    assert (saved(2).state, saved(2).slug, saved(2).body_html) == ("draft", "ps-2", saved(1).body_html)
    assert {level: rule.rate_bps for level, rule in referral.find_rates(db.session, 2).items()} == {1: 1200, 2: 300}
    assert (
        db.session.execute(
            db.text("SELECT count(*) FROM card JOIN sku ON sku.id = sku_id WHERE product_id = 2")
        ).scalar()
        == 0
    )
    assert olga.post("/admin/products/1/copies", form).status_code == 422
    assert catalog.find_product(db.session, 3) is None
