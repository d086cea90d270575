"""Figures of people: rolled up from what was posted, exact after every act, and made anew from the first posting."""

import pytest

from app import referral
from app import shop as shop_room
from app.db import db, transaction

pytestmark = pytest.mark.both_databases


def rolled(shop, person):
    while transaction(referral.roll_up):
        pass
    node_id = shop.node(person).id
    with db.engine.connect() as connection:
        assert referral.wrong_figures(connection) == []
    return referral.figures_of(db.session, [node_id]).get(node_id)


@pytest.fixture
def three(shop):
    transaction(shop_room.change_settings, self_bps=0)
    anna = shop.member("a@example.com")
    boris = shop.member("b@example.com", via=anna)
    return anna, boris, shop.member("c@example.com", via=boris)


def test_they_follow_sales_and_refunds(shop, three):
    anna, boris, clara = three
    assert rolled(shop, anna) is None
    shop.buy(boris)
    placed = shop.buy(clara)
    assert rolled(shop, anna) == referral.Figures(10000, 10000, 1, 0)
    assert rolled(shop, boris) == referral.Figures(10000, 0, 1, 0)
    shop.refund(placed, 5000)
    assert rolled(shop, boris) == referral.Figures(10000, 0, 1, 5000)
    transaction(referral.rebuild)
    assert rolled(shop, boris) == referral.Figures(10000, 0, 1, 5000)


def test_the_list_is_sorted_and_sifted_by_them(shop, three):
    anna, boris, clara = three
    shop.buy(boris)
    shop.refund(shop.buy(clara), 5000)
    shop.pass_days(8)
    rolled(shop, anna)
    people = {shop.node(one).id: one for one in three}

    def listed(sort="newest", **sieve):
        found, _ = referral.list_nodes(db.session, referral.Sieve(**sieve), sort=sort)
        return [people[node.id] for node in found]

    assert listed() == [clara, boris, anna]
    assert listed("sales") == [anna, boris]
    assert listed("available") == [anna, boris]
    assert listed(in_debt=True) == listed(many_refunds=True) == listed(flagged=True) == []
    assert listed(state="qualified") == [clara, boris, anna]
    wallets = referral.wallets_of(db.session, list(people))
    assert {wallet.available_fen for wallet in wallets.values()} == {1250, 500, 0}
