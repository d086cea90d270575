"""Claiming a guest's order: the account takes the guest's place in the network, and nothing that was earned moves."""

import pytest

from app import referral, trade
from app.accounts import read_contact
from app.db import db, transaction
from app.errors import Refusal
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


def order_id(shop, placed):
    return shop.count("SELECT id FROM orders WHERE number = :number", number=placed.number)


def claim(shop, placed, person, later=100):
    return transaction(trade.claim, order_id(shop, placed), person.account_id, shop.now + later)


def guest_node(shop, contact):
    return referral.node_by_contact(db.session, read_contact(contact).index)


def test_an_unbound_account_inherits_the_guests_upline(shop, anna):
    """1.3.9 (i): with its original beginning; what the account buys later earns for the same upline."""
    placed = shop.buy(CLARA, via=anna)
    account = shop.member("clara.new@example.com")
    claim(shop, placed, account)
    assert shop.parent(account) == shop.node(anna).id
    edge = "SELECT {} FROM edge WHERE child_id = :id"
    own, guest = shop.node(account).id, guest_node(shop, CLARA.contact).id
    assert shop.count(edge.format("valid_from"), id=own) == shop.now
    assert shop.count(edge.format("reason"), id=guest) == "merged"
    shop.buy(account)
    # The second time at 5% off, as somebody who may earn.
    assert shop.wallet(anna).held_fen == 1950


def test_a_bound_account_keeps_its_own_upline(shop, anna):
    """1.3.9 (ii)."""
    boris = shop.member("boris@example.com")
    placed = shop.buy(CLARA, via=anna)
    account = shop.member("clara.new@example.com", via=boris)
    claim(shop, placed, account)
    assert shop.parent(account) == shop.node(boris).id
    assert shop.count("SELECT reason FROM edge WHERE child_id = :id", id=guest_node(shop, CLARA.contact).id) == "merged"
    shop.buy(account)
    shop.buy(CLARA)
    assert (shop.wallet(anna).held_fen, shop.wallet(boris).held_fen) == (1000, 1950)


def test_nothing_that_was_earned_is_moved_or_computed_again(shop, anna):
    """1.3.9 (iii)."""
    placed = shop.buy(CLARA, via=anna)
    dora = Person("dora@example.com")
    shop.buy(dora, via=CLARA)
    rows = "SELECT count(*) FROM commission WHERE payee_id = :id"
    guest, before = guest_node(shop, CLARA.contact), shop.count("SELECT count(*) FROM posting")
    account = shop.member("clara.new@example.com")
    claim(shop, placed, account)
    assert shop.count(rows, id=guest.id) == 1
    assert shop.count("SELECT count(*) FROM posting") == before
    own = shop.node(account)
    assert shop.wallet(account).held_fen == 0
    nodes = referral.nodes_of_account(db.session, account.account_id)
    assert [node.id for node in nodes] == [own.id, guest.id]
    # What comes later goes to the account, from people whom the guest brought, too.
    shop.buy(dora)
    assert shop.wallet(account).held_fen == 1000
    assert shop.wallet(anna).held_fen == 1000 + 500 + 500


def test_an_account_that_stood_below_its_own_guest_ends_below_nobody(shop):
    """The guest shared a link, and then registered through it."""
    placed = shop.buy(CLARA)
    account = shop.member("clara.new@example.com", via=CLARA, device=b"another phone")
    assert shop.parent(account) == guest_node(shop, CLARA.contact).id
    claim(shop, placed, account)
    assert shop.parent(account) is None
    shop.buy(account)
    assert shop.count("SELECT count(*) FROM commission") == 0


def test_an_account_that_stood_far_below_its_own_guest_closes_no_circle(shop, anna):
    """Guest → Boris → account; the guest itself came through Anna, and so does the account then."""
    placed = shop.buy(CLARA, via=anna)
    boris = shop.member("boris@example.com", via=CLARA)
    account = shop.member("clara.new@example.com", via=boris, device=b"another phone")
    claim(shop, placed, account)
    assert shop.parent(account) == shop.node(anna).id
    assert shop.parent(boris) == shop.node(account).id


def test_two_guests_of_whom_one_brought_the_other_become_one_person(shop):
    """Nobody stands above oneself, also not through a guest that was claimed before."""
    first = shop.buy(CLARA)
    second = shop.buy(Person("clara@example.org"), via=CLARA)
    account = shop.member("clara.new@example.com")
    claim(shop, first, account)
    claim(shop, second, account)
    assert shop.parent(account) is None


def test_the_right_to_earn_comes_along(shop):
    placed = shop.buy(CLARA)
    account = shop.member("clara.new@example.com", joins=False)
    assert shop.node(account).state == "none"
    claim(shop, placed, account)
    assert (shop.node(account).state, shop.node(account).first_paid_at) == ("qualified", shop.now)
    assert referral.link_of_node(db.session, shop.node(account).id)


def test_an_account_that_bought_as_a_guest_is_not_bound_by_a_later_link(shop, anna):
    """What the guest paid counts as the account's first payment."""
    placed = shop.buy(CLARA)
    account = shop.member("clara.new@example.com")
    claim(shop, placed, account)
    shop.buy(account, via=anna)
    assert (shop.parent(account), shop.wallet(anna).held_fen) == (None, 0)


def test_another_accounts_order_cannot_be_claimed(shop):
    placed = shop.buy(shop.member("boris@example.com"))
    with pytest.raises(Refusal):
        claim(shop, placed, shop.member("dora@example.com"))


def test_another_accounts_guest_cannot_be_claimed(shop, anna):
    first, second = shop.buy(CLARA, via=anna), shop.buy(CLARA)
    account, thief = shop.member("clara.new@example.com"), shop.member("thief@example.com")
    claim(shop, first, account)
    with pytest.raises(Refusal):
        claim(shop, second, thief)
    assert shop.count("SELECT account_id FROM orders WHERE id = :id", id=order_id(shop, second)) is None
    assert shop.parent(thief) is None
    claim(shop, second, account)
    assert shop.count("SELECT count(*) FROM edge WHERE valid_to IS NULL") == 1


def test_one_of_ten_who_claim_at_once_gets_it(app, shop, anna):
    placed = shop.buy(CLARA, via=anna)
    people = [shop.member(f"p{number}@example.com") for number in range(10)]
    wanted = order_id(shop, placed)
    acts = [lambda p=person: transaction(trade.claim, wanted, p.account_id, shop.now) for person in people]
    outcomes = at_once(app, acts)
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 9
    assert shop.count("SELECT count(*) FROM node WHERE merged_into_id IS NOT NULL") == 1
