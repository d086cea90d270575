"""A sanction is of the person: neither a new account nor a claim shakes it off, and what is innocent can be paid (1.3.14)."""

import pytest

from app import ledger, orders, referral, settlement, trade
from app.clock import HOUR
from app.db import db, transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def boris(shop):
    """Boris, a guest who came through Anna and brought Clara: 10 yuan are held for him."""
    shop.anna = shop.member("anna@example.com")
    guest = Person("boris@example.com")
    shop.placed = shop.buy(guest, via=shop.anna)
    shop.buy(Person("clara@example.com"), via=guest)
    return guest


def guest_id(shop):
    return shop.count("SELECT id FROM node WHERE account_id IS NULL AND state <> 'none' ORDER BY id LIMIT 1")


def act(shop, what, node_id, *arguments):
    transaction(what, node_id, *arguments, reason="why", actor="account:1", now=shop.now)


def claim(shop, account_id):
    order = orders.find_opened(db.session, shop.placed.number, secret=shop.placed.secret, account_id=None)
    transaction(trade.claim, order.id, account_id, shop.now)


def purse(shop, person):
    nodes = referral.nodes_of_account(db.session, person.account_id)
    wallet = ledger.read_wallet(db.session, [node.pid for node in nodes])
    return wallet.held_fen, wallet.available_fen, wallet.frozen_fen


@pytest.mark.parametrize("sanction", [trade.suspend, trade.ban])
def test_a_new_account_with_the_same_contact_may_not_join(shop, boris, sanction):
    act(shop, sanction, guest_id(shop))
    account = shop.member("boris@example.com", joins=False)
    node_id = shop.node(account).id
    assert referral.is_barred(db.session, node_id)
    assert not transaction(referral.qualify, node_id, source="free_join", terms_version="1", now=shop.now)
    shop.buy(account)
    assert shop.node(account).state == "none"


def test_a_guest_order_with_the_contact_of_a_banned_account_gives_no_link(shop):
    dan = shop.member("dan@example.com")
    act(shop, trade.ban, shop.node(dan).id)
    shop.buy(Person("dan@example.com"))
    assert shop.count("SELECT count(*) FROM node WHERE state = 'qualified'") == 0


def test_a_lifted_suspension_lets_in(shop, boris):
    node_id = guest_id(shop)
    act(shop, trade.suspend, node_id)
    act(shop, trade.lift, node_id)
    assert shop.node(shop.member("boris@example.com")).state == "qualified"


def test_whoever_claims_a_banned_guest_is_banned_and_the_rest_can_be_paid(shop, boris):
    node_id = guest_id(shop)
    act(shop, trade.ban, node_id)
    account = shop.member("b2@example.com")
    shop.buy(Person("dora@example.com"), via=account)
    claim(shop, account.account_id)
    assert shop.node(account).state == "banned"
    assert purse(shop, account) == (0, 0, 2000)
    assert shop.parent(account) is None
    act(shop, trade.settle_ban, shop.node(account).id, [])
    shop.pass_days(8)
    assert purse(shop, account) == (0, 2000, 0)
    payee = {"method": "alipay", "name": "x", "account": "13800138000"}
    transaction(settlement.save_payee, account.account_id, now=shop.now - 73 * HOUR, **payee)
    told = {"actor": "account:9", "now": shop.now}
    assert transaction(settlement.request_payout, account.account_id, 2000, shop.settings, **told)


def test_a_ban_that_was_settled_is_of_the_account_too(shop, boris):
    node_id = guest_id(shop)
    act(shop, trade.ban, node_id)
    act(shop, trade.settle_ban, node_id, [])
    account = shop.member("b2@example.com")
    claim(shop, account.account_id)
    assert shop.node(account).state == "banned"
    act(shop, trade.settle_ban, shop.node(account).id, [])
    shop.pass_days(8)
    assert purse(shop, account) == (0, 1000, 0)


def test_a_banned_account_that_claims_a_guest_keeps_no_way_in(shop, boris):
    account = shop.member("b2@example.com")
    act(shop, trade.ban, shop.node(account).id)
    claim(shop, account.account_id)
    assert purse(shop, account) == (0, 0, 1000)
    assert shop.count("SELECT count(*) FROM edge WHERE valid_to IS NULL") == 0
    shop.buy(Person("emma@example.com"), cookie=shop.cookie(boris))
    assert purse(shop, account) == (0, 0, 1000)
    act(shop, trade.settle_ban, shop.node(account).id, [])
    assert purse(shop, account) == (1000, 0, 0)


@pytest.mark.parametrize("whose", ["guest", "account"])
def test_a_suspension_is_of_both_and_lifted_from_both(shop, boris, whose):
    account = shop.member("b2@example.com")
    act(shop, trade.suspend, guest_id(shop) if whose == "guest" else shop.node(account).id)
    claim(shop, account.account_id)
    assert shop.node(account).state == "suspended"
    assert purse(shop, account) == (0, 0, 1000)
    act(shop, trade.lift, shop.node(account).id)
    assert shop.node(account).state == "qualified"
    assert purse(shop, account) == (1000, 0, 0)
