"""One person behind two accounts: nothing at the first level, no shift, and one level at the most (E20, R03, R04)."""

import pytest

from app import accounts, referral, settlement
from app import shop as shop_room
from app.accounts import read_contact
from app.db import transaction

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def no_discount(shop):
    transaction(shop_room.change_settings, self_bps=0)


def paid_to(shop, person, account):
    transaction(referral.remember_payee, shop.node(person).id, account)


def held(shop, *people):
    return [shop.wallet(person).held_fen for person in people]


@pytest.fixture
def three(shop):
    """G brought A, A brought B."""
    above, people = None, []
    for name in "gab":
        above = shop.member(f"{name}@example.com", via=above)
        people.append(above)
    return people


def test_the_same_payee_earns_nothing_and_nobody_moves_up(shop, three):
    """E20."""
    top, first, second = three
    paid_to(shop, first, b"alipay:one")
    paid_to(shop, second, b"alipay:one")
    shop.buy(second)
    assert held(shop, top, first) == [0, 0]
    assert shop.count("SELECT count(*) FROM commission") == 0
    assert shop.count("SELECT refusal FROM attribution") == "self_payee"


def test_a_payee_that_was_given_up_still_counts(shop, three):
    _, first, second = three
    for account in (b"alipay:one", b"alipay:two"):
        paid_to(shop, first, account)
    paid_to(shop, second, b"alipay:one")
    shop.buy(second)
    assert shop.count("SELECT refusal FROM attribution") == "self_payee"


def test_other_payees_are_other_people(shop, three):
    top, first, second = three
    for person, account in ((top, b"0"), (first, b"1"), (second, b"2")):
        paid_to(shop, person, account)
    shop.buy(second)
    assert held(shop, top, first) == [500, 1000]


def test_the_same_payee_is_not_bound_in_the_first_place(shop):
    inviter, stranger = shop.member("a@example.com"), shop.member("b@example.com")
    for person in (inviter, stranger):
        paid_to(shop, person, b"alipay:one")
    placed = shop.buy(stranger, via=inviter)
    assert placed
    assert shop.parent(stranger) is None
    assert shop.count("SELECT refusal FROM attribution") == "self_payee"


@pytest.mark.parametrize("trace", ["payee", "device", "contact"])
def test_a_chain_of_one_person_is_paid_once(shop, three, trace):
    """A → A' → buyer: A' earns the first level, and A nothing at the second."""
    top, first, buyer = three
    if trace == "payee":
        paid_to(shop, top, b"alipay:one")
        paid_to(shop, first, b"alipay:one")
    elif trace == "device":
        transaction(referral.remember_device, shop.node(first).id, top.device)
    else:
        transaction(accounts.add_identity, first.account_id, read_contact("g+shop@example.com"))
    shop.buy(buyer)
    assert held(shop, top, first) == [0, 1000]


def test_a_chain_of_three_people_is_paid_twice(shop, three):
    top, first, buyer = three
    shop.buy(buyer)
    assert held(shop, top, first) == [500, 1000]


def test_a_chain_of_one_person_that_buys_is_paid_nothing(shop, three):
    """A → A' → A'': every level is the buyer."""
    top, first, buyer = three
    for person in (top, first):
        transaction(referral.remember_device, shop.node(person).id, buyer.device)
    shop.buy(buyer)
    assert held(shop, top, first) == [0, 0]


def test_where_one_wants_to_be_paid_is_remembered(shop, three):
    """E20 with what people type: spaces make no other account."""
    top, first, second = three
    for person, account in ((first, "138 0013 8000"), (second, "13800138000")):
        payee = {"method": "alipay", "name": "Anna", "account": account}
        transaction(settlement.save_payee, person.account_id, now=shop.now, **payee)
    shop.buy(second)
    assert held(shop, top, first) == [0, 0]
    assert shop.count("SELECT refusal FROM attribution") == "self_payee"
