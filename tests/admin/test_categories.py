"""Categories as a tree: moved, refused where they would make a circle, removed with a word on where their things go."""

import pytest

from app import catalog, referral
from app.db import db, transaction
from app.errors import Refusal

PAGE = "/admin/categories"


@pytest.fixture
def tree(shop):
    """课程 (1) > a (2) > b (3), and c (4) at the top."""
    for name, parent_id in (("a", 1), ("b", 2), ("c", None)):
        transaction(catalog.save_category, None, name=name, parent_id=parent_id)


def shape():
    db.session.rollback()
    return [(one.category.name, one.depth) for one in catalog.branches(catalog.list_categories(db.session))]


@pytest.mark.both_databases
def test_the_tree_has_no_circle_and_three_levels(tree):
    for category_id, parent_id in ((1, 1), (1, 3), (None, 3), (4, 3), (4, 99)):
        with pytest.raises(Refusal):
            transaction(catalog.save_category, category_id, name=f"x{category_id}", parent_id=parent_id)
    assert shape() == [("课程", 0), ("a", 1), ("b", 2), ("c", 0)]
    transaction(catalog.save_category, 3, name="b", parent_id=4)
    assert shape() == [("课程", 0), ("a", 1), ("c", 0), ("b", 1)]


def test_a_category_moves_to_a_place_once(olga, tree):
    for _ in range(2):
        assert olga.post(f"{PAGE}/4/place", {"place": "0"}).status_code == 303
        assert shape()[0] == ("c", 0)
    assert olga.post(f"{PAGE}/99/place", {"place": "0"}).status_code == 404


@pytest.mark.both_databases
def test_a_removed_category_says_where_its_things_go(olga, tree, form_of):
    transaction(referral.write_rates, "category", 1, {1: referral.Reward(700), 2: referral.Reward(100)})
    assert "1 " in olga.get(f"{PAGE}/1/removal/new").text
    assert olga.post(f"{PAGE}/1/removal", {"to": "2"}).status_code == 422
    assert olga.post(f"{PAGE}/1/removal", {"to": "4"}).status_code == 303
    assert shape() == [("c", 0), ("a", 1), ("b", 2)]
    assert catalog.find_product(db.session, 1).Product.category_id == 4
    assert referral.find_rates(db.session, 1)[1].name == "default"
    assert olga.post(f"{PAGE}/1/removal", {"to": "4"}).status_code == 404


def test_a_parent_shows_what_its_descendants_hold(olga, tree, shop):
    transaction(shop.product, "deep", category_id=3)
    slugs = {one.name: one.slug for one in catalog.list_categories(db.session)}
    for name in ("课程", "a", "b"):
        page = olga.get(f"/?category={slugs[name]}").text
        assert "/p/deep" in page, name
        assert ("/p/ps" in page) == (name == "课程")
    assert "/p/deep" not in olga.get(f"/?category={slugs['c']}").text
    transaction(referral.write_rates, "category", 1, {1: referral.Reward(700)})
    assert referral.find_rates(db.session, 2)[1].name == "category:1"
