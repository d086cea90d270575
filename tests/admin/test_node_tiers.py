"""/admin/nodes/…/tier: what the tier rests on, and what products earn now and in another tier; a sale pays just that."""

import re

import pytest

from app import referral, trade
from app import shop as shop_room
from app.db import db, transaction
from app.referral import Reward
from tests.shop import Person
from tests.test_query_counts import cost

pytestmark = pytest.mark.both_databases


def piece(shop):
    return trade.Piece(shop.product_id, 10000, None, True)


def foreseen(shop, tier_id):
    return trade.prospects(db.session, [piece(shop)], tier_id, shop.settings)[shop.product_id]


def test_it_says_what_each_tier_earns_and_a_sale_pays_it(olga, shop):
    transaction(shop_room.change_settings, self_bps=0, max_total_bps=2500)
    silver, gold = (
        transaction(referral.save_tier, None, name=name, min_sales_fen=fen, position=fen)
        for name, fen in (("银牌", 10000), ("金牌", 50000))
    )
    transaction(referral.write_rates, "tier", silver, {1: Reward(1200), 2: Reward(600)})
    transaction(referral.write_rates, "tier", gold, {1: Reward(2000), 2: Reward(2500)})
    boris = shop.member("boris@example.com", via=shop.member("anna@example.com"))
    page = f"/admin/nodes/{shop.node(boris).pid}/tier"
    assert "如果是银牌" in olga.get(page).text
    shop.buy(Person("c@example.com"), via=boris)
    shop.pass_days(8)
    db.session.rollback()
    text = olga.get(page).text
    assert ("如果是金牌" in text, "如果是银牌" in text, referral.own_sales(db.session, shop.node(boris).id)) == (
        True,
        False,
        10000,
    )
    assert (foreseen(shop, None), foreseen(shop, silver)) == ({1: 1000, 2: 500}, {1: 1200, 2: 600})
    # Level 1 is somebody of no tier then; the cap of 25 % and its 10 % leave 15 %.
    assert foreseen(shop, gold) == {1: 2000, 2: 1500}
    shop.buy(Person("d@example.com"), via=boris)
    dora = shop.member("dora@example.com", via=boris)
    shop.buy(Person("e@example.com"), via=dora)
    mine = "SELECT gross_fen FROM commission WHERE payee_id = :node_id ORDER BY id DESC LIMIT 1"
    assert shop.count(mine, node_id=shop.node(boris).id) == foreseen(shop, silver)[2]
    assert shop.count(mine + " OFFSET 1", node_id=shop.node(boris).id) == foreseen(shop, silver)[1]
    assert page in olga.get(page.removesuffix("/tier")).text
    transaction(shop_room.change_settings, strict_mode=True)
    assert foreseen(shop, gold) == {1: 2000}
    assert olga.get(f"{page}?with=odd&before=odd").status_code == olga.get(f"{page}?with={gold}").status_code == 200


def test_it_costs_the_same_however_many_products(olga, shop):
    transaction(referral.save_tier, None, name="金牌", min_sales_fen=50000, position=1)
    page = f"/admin/nodes/{shop.node(shop.member('boris@example.com')).pid}/tier"
    few = cost(olga, page)
    for number in range(21):
        transaction(shop.product, f"n{number}", codes=1)
    many = cost(olga, page)
    assert (many[0], many[0] <= 10, many[1] > few[1], "before=" in olga.get(page).text) == (few[0], True, True, True)


def test_another_beginning_of_a_tier_says_first_whom_it_moves(olga, shop):
    tiers = "/admin/tiers"
    boris = shop.member("boris@example.com")
    shop.buy(Person("c@example.com"), via=boris)
    shop.pass_days(8)
    form = {"name": "银牌", "min_sales": "50", "position": "1"}
    text = olga.post(tiers, form).text
    assert (shop.count("SELECT count(*) FROM tier"), "未入等级" in text) == (0, True)
    seen = re.search(r'name="seen" type="hidden" value="(\w{32})"', text)[1]
    assert olga.post(tiers, form | {"seen": "other"}).status_code == 409
    assert olga.post(tiers, form | {"seen": seen}).status_code == 303
    assert olga.post(tiers, form | {"seen": seen}).status_code == 422
    db.session.rollback()
    one = f"{tiers}/{referral.tier_of(db.session, [shop.node(boris).id])[shop.node(boris).id]}"
    # Nobody moves by a name, or by a beginning that nobody stands between.
    assert olga.post(one, with_prefix(one, form | {"min_sales": "60", "name": "白银"})).status_code == 303
    text = olga.post(one, with_prefix(one, form | {"min_sales": "500"})).text
    seen = re.search(r'name="t\d+-seen" type="hidden" value="(\w{32})"', text)[1]
    shop.buy(Person("d@example.com"), via=shop.member("dora@example.com"))
    shop.pass_days(8)
    db.session.rollback()
    late = with_prefix(one, form | {"min_sales": "500", "seen": seen})
    assert olga.post(one, late).status_code == 409
    assert shop.count("SELECT min_sales_fen FROM tier") == 6000
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act IN ('tier.create', 'tier.update')") == 2


def with_prefix(page, form):
    return {f"t{page.rpartition('/')[2]}-{name}": value for name, value in form.items()}
