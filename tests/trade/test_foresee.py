"""To foresee a sanction: the figures shown are what then happens, nothing of a look stays, and another figure is another look."""

import pytest

from app import referral, settlement, trade
from app import shop as shop_room
from app.clock import DAY, HOUR
from app.db import db, transaction

pytestmark = pytest.mark.both_databases


@pytest.fixture
def anna(shop):
    """Anna came through Olga, brought three, and has held, available and requested money."""
    transaction(shop_room.change_settings, self_bps=0, min_payout_fen=100)
    olga = shop.member("o@example.com")
    anna = shop.member("a@example.com", via=olga)
    lower = [shop.member(f"{name}@example.com", via=anna) for name in ("b", "c", "d")]
    for one in lower:
        shop.buy(one)
    shop.pass_days(8)
    row = {"method": "alipay", "name": "安娜", "account": "13800138000"}
    transaction(settlement.save_payee, anna.account_id, now=shop.now - 73 * HOUR, **row)
    transaction(settlement.request_payout, anna.account_id, 700, shop.settings, actor="account:2", now=shop.now)
    shop.buy(lower[0])
    return anna


def foreseen(shop, person, act=trade.ban):
    return transaction(trade.foresee, act, shop.node(person).id, reason="x", actor="account:1", now=shop.now)


def done(shop, person, act, seen):
    return transaction(
        trade.sanction_as_seen, act, shop.node(person).id, seen=seen, reason="x", actor="account:1", now=shop.now
    )


def open_edges(shop):
    return shop.count("SELECT count(*) FROM edge WHERE valid_to IS NULL")


def test_it_shows_what_a_ban_then_does(shop, anna):
    edges, before = open_edges(shop), shop.wallet(anna)
    effect = foreseen(shop, anna)
    assert (effect.edges_closed, len(effect.roots)) == (4, 3)
    assert (effect.held_fen, effect.available_fen, effect.rejected_fen) == (1000, 2300, 700)
    db.session.rollback()
    assert (open_edges(shop), shop.wallet(anna)) == (edges, before)
    assert done(shop, anna, trade.ban, effect.seal) == effect
    db.session.rollback()
    wallet = shop.wallet(anna)
    assert (wallet.held_fen, wallet.available_fen, wallet.pending_fen) == (0, 0, 0)
    assert wallet.frozen_fen == effect.frozen_after_fen == 4000
    assert edges - open_edges(shop) == effect.edges_closed


def test_another_figure_wants_another_look(shop, anna):
    effect = foreseen(shop, anna)
    shop.member("e@example.com", via=anna)
    with pytest.raises(trade.Changed):
        done(shop, anna, trade.ban, effect.seal)
    db.session.rollback()
    assert shop.node(anna).state == "qualified"
    assert done(shop, anna, trade.ban, foreseen(shop, anna).seal).edges_closed == 5


def test_a_suspension_keeps_relations_and_the_request(shop, anna):
    effect = foreseen(shop, anna, trade.suspend)
    assert (effect.edges_closed, effect.roots, effect.rejected, effect.newly_frozen_fen) == (0, (), (), 3300)
    assert done(shop, anna, trade.suspend, effect.seal) == effect


def test_it_counts_what_waits_under_a_flag(shop, anna):
    order_id = shop.count("SELECT max(order_id) FROM commission")
    transaction(referral.open_flag, order_id, "network", detail="", payee_id=None, now=shop.now + DAY)
    effect = foreseen(shop, anna)
    assert (effect.flagged_rows, effect.flagged_fen) == (1, 1000)
