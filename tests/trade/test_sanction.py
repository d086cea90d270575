"""Suspended, lifted, banned: what happens to the money, the relations and the people below (1.3.14, 1.3.15)."""

import pytest

from app import settlement, trade
from app import shop as shop_room
from app.clock import DAY
from app.db import db, transaction
from app.errors import Refusal
from app.trade import ban, lift, settle_ban, suspend
from tests.shop import Person

pytestmark = pytest.mark.both_databases


def act(shop, what, person, *arguments, reason="why"):
    node_id = shop.node(person).id
    transaction(what, node_id, *arguments, reason=reason, actor="account:1", now=shop.now)


def settle(shop):
    """Release what is due, as the worker does."""
    transaction(settlement.release_due, shop.now)


def purse(shop, person):
    wallet = shop.wallet(person)
    return wallet.held_fen, wallet.available_fen, wallet.frozen_fen


@pytest.fixture
def chain(shop):
    """G brought P, P brought C, C brought D; nobody has a discount on own purchases."""
    transaction(shop_room.change_settings, self_bps=0)
    people = {}
    above = None
    for name in "gpcd":
        people[name] = above = shop.member(f"{name}@example.com", via=above)
    return people


def test_suspension_freezes_what_is_there_and_what_comes(shop, chain):
    shop.buy(chain["c"])
    shop.now += 8 * DAY
    settle(shop)
    shop.buy(chain["c"])
    assert purse(shop, chain["p"]) == (1000, 1000, 0)
    act(shop, suspend, chain["p"])
    assert purse(shop, chain["p"]) == (0, 0, 2000)
    shop.buy(chain["c"])
    assert purse(shop, chain["p"]) == (0, 0, 3000)
    assert purse(shop, chain["g"]) == (1000, 500, 0)
    shop.now += 30 * DAY
    settle(shop)
    assert purse(shop, chain["p"]) == (0, 0, 3000)
    shop.buy(chain["c"])
    act(shop, lift, chain["p"])
    # The hold of the first three is over; that of the last one runs as if nothing had been.
    assert purse(shop, chain["p"]) == (1000, 3000, 0)


def test_who_is_suspended_binds_nobody(shop, chain):
    act(shop, suspend, chain["p"])
    guest = Person("new@example.com")
    shop.buy(guest, via=chain["p"])
    assert shop.count("SELECT count(*) FROM edge WHERE child_id = :id", id=shop.node(guest).id) == 0
    assert purse(shop, chain["p"]) == (0, 0, 0)


def test_suspension_twice_is_refused_and_a_second_one_later_is_not(shop, chain):
    shop.buy(chain["c"])
    for _ in range(2):
        act(shop, suspend, chain["p"])
        with pytest.raises(Refusal):
            act(shop, suspend, chain["p"])
        assert purse(shop, chain["p"]) == (0, 0, 1000)
        act(shop, lift, chain["p"])
        with pytest.raises(Refusal):
            act(shop, lift, chain["p"])
        assert purse(shop, chain["p"]) == (1000, 0, 0)


def test_who_never_joined_is_not_qualified_by_a_suspension(shop):
    bob = shop.member("bob@example.com", joins=False)
    act(shop, suspend, bob)
    act(shop, lift, bob)
    assert shop.node(bob).state == "none"


def test_a_ban_closes_every_relation_and_makes_children_roots(shop, chain):
    shop.buy(chain["c"])
    act(shop, ban, chain["p"])
    assert purse(shop, chain["p"]) == (0, 0, 1000)
    assert purse(shop, chain["g"]) == (500, 0, 0)
    assert shop.parent(chain["p"]) is None
    assert shop.parent(chain["c"]) is None
    assert shop.parent(chain["d"]) == shop.node(chain["c"]).id
    reasons = db.session.execute(db.text("SELECT reason FROM edge WHERE valid_to IS NOT NULL ORDER BY id")).scalars()
    assert list(reasons) == ["banned", "parent_banned"]
    shop.buy(chain["c"])
    shop.buy(chain["d"])
    # C earns on D as before; nothing of it goes to P, and nobody moves up to G.
    assert purse(shop, chain["c"]) == (1000, 0, 0)
    assert (purse(shop, chain["p"]), purse(shop, chain["g"])) == ((0, 0, 1000), (500, 0, 0))


def test_a_ban_after_a_suspension_keeps_everything_frozen(shop, chain):
    shop.buy(chain["c"])
    shop.now += 8 * DAY
    settle(shop)
    act(shop, suspend, chain["p"])
    act(shop, ban, chain["p"])
    assert purse(shop, chain["p"]) == (0, 0, 1000)
    with pytest.raises(Refusal):
        act(shop, lift, chain["p"])
    with pytest.raises(Refusal):
        act(shop, ban, chain["p"])


def test_fraud_goes_back_and_the_innocent_rest_returns(shop, chain):
    for _ in range(2):
        shop.buy(chain["c"])
    shop.now += 8 * DAY
    settle(shop)
    shop.buy(chain["c"])
    act(shop, ban, chain["p"])
    first = shop.count("SELECT min(id) FROM commission WHERE payee_id = :id", id=shop.node(chain["p"]).id)
    act(shop, settle_ban, chain["p"], [first])
    assert purse(shop, chain["p"]) == (1000, 1000, 0)
    assert purse(shop, chain["g"]) == (500, 1000, 0)
    with pytest.raises(Refusal):
        act(shop, settle_ban, chain["p"], [])


def test_only_the_own_commission_is_taken_back(shop, chain):
    shop.buy(chain["c"])
    act(shop, ban, chain["p"])
    other = shop.count("SELECT id FROM commission WHERE payee_id = :id", id=shop.node(chain["g"]).id)
    with pytest.raises(Refusal):
        act(shop, settle_ban, chain["p"], [other])
    assert purse(shop, chain["g"]) == (500, 0, 0)
    with pytest.raises(Refusal):
        act(shop, settle_ban, chain["c"], [])


def test_a_guest_that_was_claimed_is_sanctioned_with_the_account(shop):
    """Commission of a claimed guest stays where it was earned, and belongs to the same person."""
    guest = Person("guest@example.com")
    placed = shop.buy(guest)
    shop.buy(Person("friend@example.com"), via=guest)
    owner = shop.member("owner@example.com")
    order_id = shop.count("SELECT id FROM orders WHERE number = :n", n=placed.number)
    transaction(trade.claim, order_id, owner.account_id, shop.now)
    act(shop, ban, owner)
    assert purse(shop, guest) == (0, 0, 1000)
    assert shop.parent(Person("friend@example.com")) is None


def test_a_sanction_is_not_shaken_off_by_claiming(shop):
    guest = Person("guest@example.com")
    placed = shop.buy(guest)
    act(shop, ban, guest)
    account = shop.member("new@example.com", joins=False)
    order_id = shop.count("SELECT id FROM orders WHERE number = :n", n=placed.number)
    transaction(trade.claim, order_id, account.account_id, shop.now)
    assert shop.node(account).state == "banned"


def test_what_was_done_is_kept_for_ever(shop, chain):
    act(shop, suspend, chain["p"], reason="odd clicks")
    act(shop, lift, chain["p"])
    act(shop, ban, chain["p"])
    rows = db.session.execute(db.text("SELECT kind, reason, actor FROM node_event ORDER BY id")).all()
    assert [row.kind for row in rows] == ["suspended", "lifted", "banned"]
    assert (rows[0].reason, rows[0].actor) == ("odd clicks", "account:1")
    with pytest.raises(Exception, match="append-only"):
        transaction(lambda tx: tx.exec_driver_sql("UPDATE node_event SET reason = 'x'"))


@pytest.fixture
def asked(shop, chain):
    """P has 1000 available and asks for all of it."""
    shop.buy(chain["c"])
    payee = {"method": "alipay", "name": "P", "account": "13800138000"}
    transaction(settlement.save_payee, chain["p"].account_id, now=shop.now, **payee)
    shop.now += 8 * DAY
    settle(shop)
    return ask(shop, chain["p"])


def ask(shop, person):
    settings = {"actor": "account:1", "now": shop.now}
    return transaction(settlement.request_payout, person.account_id, 1000, shop.settings, **settings)


@pytest.mark.parametrize("approved", [False, True])
def test_a_ban_stops_a_payout_and_freezes_it(shop, chain, asked, approved):
    if approved:
        transaction(settlement.approve_payout, asked, by=1, now=shop.now)
    act(shop, ban, chain["p"])
    assert purse(shop, chain["p"]) == (0, 0, 1000)
    assert shop.wallet(chain["p"]).pending_fen == 0
    assert shop.count("SELECT state FROM payout") == "rejected"
    with pytest.raises(Refusal):
        ask(shop, chain["p"])
    # What is innocent is theirs, and can be paid out once it is returned.
    act(shop, settle_ban, chain["p"], [])
    assert purse(shop, chain["p"]) == (0, 1000, 0)
    assert ask(shop, chain["p"])


def test_what_is_being_sent_is_not_called_back(shop, chain, asked):
    transaction(settlement.approve_payout, asked, by=1, now=shop.now)
    transaction(settlement.process_payout, asked, actor="account:1", now=shop.now)
    act(shop, ban, chain["p"])
    assert shop.wallet(chain["p"]).pending_fen == 1000


def test_who_is_suspended_asks_for_nothing(shop, chain, asked):
    transaction(settlement.cancel_payout, asked, actor="account:1", now=shop.now)
    act(shop, suspend, chain["p"])
    with pytest.raises(Refusal):
        ask(shop, chain["p"])
    act(shop, lift, chain["p"])
    assert ask(shop, chain["p"])
