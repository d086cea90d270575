"""Deleted at one's own wish: what goes, what stays, and what it needs (1.3.16, 1.21)."""

import pytest

from app import accounts, ledger, settlement, trade
from app import shop as shop_room
from app.accounts import read_contact
from app.clock import DAY
from app.db import db, transaction
from app.errors import Refusal
from tests.settlement.cashier import Cashier
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def chain(shop):
    """G brought P, P brought C; C bought once."""
    transaction(shop_room.change_settings, self_bps=0)
    people, above = {}, None
    for name in "gpc":
        people[name] = above = shop.member(f"{name}@example.com", via=above)
    shop.buy(people["c"])
    return people


def go(shop, person, *, waive=False):
    transaction(trade.leave, person.account_id, waive=waive, now=shop.now)


def totals(shop, pid):
    db.session.rollback()
    wallet = ledger.read_wallet(db.session, [pid])
    return wallet.held_fen, wallet.available_fen, wallet.frozen_fen, wallet.debt_fen


def test_nothing_of_the_person_stays_but_the_id(shop, chain):
    pid, node_id = shop.node(chain["p"]).pid, shop.node(chain["p"]).id
    go(shop, chain["p"], waive=True)
    row = db.session.execute(db.text("SELECT * FROM node WHERE id = :id"), {"id": node_id}).one()
    db.session.rollback()
    assert row.pid == pid
    assert (row.account_id, row.contact_index, row.person_index, row.state) == (None, None, None, "none")
    account = chain["p"].account_id
    for table in ("identity", "session"):
        assert shop.count(f"SELECT count(*) FROM {table} WHERE account_id = :id", id=account) == 0
    for table in ("device", "sighting", "node_payee"):
        assert shop.count(f"SELECT count(*) FROM {table} WHERE node_id = :id", id=node_id) == 0
    assert shop.count("SELECT count(*) FROM link WHERE node_id = :id AND revoked_at IS NULL", id=node_id) == 0
    assert accounts.account_by_contact(db.session, read_contact("p@example.com")) is None
    assert shop.count("SELECT password_hash FROM account WHERE id = :id", id=account) == ""
    assert shop.count("SELECT disabled_at FROM account WHERE id = :id", id=account) == shop.now


def test_children_become_roots_and_others_keep_what_they_earned(shop, chain):
    go(shop, chain["p"], waive=True)
    assert shop.parent(chain["c"]) is None
    reasons = db.session.execute(db.text("SELECT reason FROM edge WHERE valid_to IS NOT NULL ORDER BY id")).scalars()
    assert list(reasons) == ["deleted", "parent_deleted"]
    shop.buy(chain["c"])
    assert shop.wallet(chain["g"]).held_fen == 500


def test_the_contact_is_free_again_for_a_new_person(shop, chain):
    go(shop, chain["p"], waive=True)
    again = shop.member("p@example.com")
    assert shop.node(again).id != shop.node(chain["g"]).id
    assert shop.wallet(again).held_fen == 0


@pytest.mark.parametrize("days", [0, 8])
def test_money_that_is_left_is_not_lost_by_accident(shop, chain, days):
    shop.now += days * DAY
    pid = shop.node(chain["p"]).pid
    with pytest.raises(Refusal) as refused:
        go(shop, chain["p"])
    assert refused.value.field == "waive"
    go(shop, chain["p"], waive=True)
    assert totals(shop, pid) == (0, 0, 0, 0)
    forfeited = shop.count("SELECT coalesce(sum(-amount_fen), 0) FROM balance WHERE account = 'income:forfeit'")
    assert forfeited == (1000 if days else 0)


def test_what_was_given_up_does_not_mature_later(shop, chain):
    pid = shop.node(chain["p"]).pid
    go(shop, chain["p"], waive=True)
    shop.now += 30 * DAY
    transaction(settlement.release_due, shop.now)
    assert totals(shop, pid) == (0, 0, 0, 0)
    assert shop.wallet(chain["g"]).available_fen == 500


def test_a_frozen_order_is_given_up_too_and_its_dispute_goes_on(shop, chain):
    order_id = shop.count("SELECT max(id) FROM orders")
    pid = shop.node(chain["p"]).pid
    transaction(settlement.freeze, "dispute:9", order_id=order_id, now=shop.now)
    go(shop, chain["p"], waive=True)
    assert totals(shop, pid) == (0, 0, 0, 0)
    transaction(settlement.unfreeze, "dispute:9", shop.now)
    assert totals(shop, pid) == (0, 0, 0, 0)
    assert shop.wallet(chain["g"]).held_fen == 500


def test_a_debt_is_written_off(shop, chain):
    shop.now += 8 * DAY
    transaction(settlement.release_due, shop.now)
    pid = shop.node(chain["p"]).pid
    payee = {"method": "alipay", "name": "P", "account": "13800138000"}
    transaction(settlement.save_payee, chain["p"].account_id, now=shop.now, **payee)
    shop.now += 4 * DAY
    number = transaction(
        settlement.request_payout, chain["p"].account_id, 1000, shop.settings, actor="account:1", now=shop.now
    )
    with pytest.raises(Refusal, match="payout"):
        go(shop, chain["p"], waive=True)
    transaction(settlement.approve_payout, number, by=1, now=shop.now)
    transaction(settlement.process_payout, number, actor="account:1", now=shop.now)
    paid = {"reference": "x", "by": 1, "actor": "account:1", "settings": shop.settings, "now": shop.now}
    transaction(settlement.confirm_payout, number, **paid)
    options = {"amount_fen": 10000, "way": "hand", "reason": "asked", "actor": "account:1", "now": shop.now}
    transaction(trade.refund, shop.count("SELECT max(id) FROM orders"), **options)
    assert totals(shop, pid) == (0, 0, 0, 1000)
    go(shop, chain["p"])
    assert totals(shop, pid) == (0, 0, 0, 0)
    # Where money really went is kept with the books.
    assert shop.count("SELECT count(*) FROM payee") == 1


def test_a_guest_that_was_claimed_goes_too(shop):
    transaction(shop_room.change_settings, self_bps=0)
    guest = Person("guest@example.com")
    placed = shop.buy(guest)
    shop.buy(Person("friend@example.com"), via=guest)
    account = shop.member("owner@example.com")
    order_id = shop.count("SELECT id FROM orders WHERE number = :n", n=placed.number)
    transaction(trade.claim, order_id, account.account_id, shop.now)
    pid = shop.node(guest).pid
    with pytest.raises(Refusal):
        go(shop, account)
    go(shop, account, waive=True)
    assert totals(shop, pid) == (0, 0, 0, 0)
    assert shop.count("SELECT count(*) FROM node WHERE contact_index IS NOT NULL AND pid = :pid", pid=pid) == 0
    assert shop.parent(Person("friend@example.com")) is None


def test_staff_and_people_under_a_sanction_stay(shop, chain):
    owner = shop.owner()
    with pytest.raises(Refusal):
        go(shop, owner, waive=True)
    values = {"reason": "x", "actor": "account:1", "now": shop.now}
    transaction(trade.suspend, shop.node(chain["p"]).id, **values)
    with pytest.raises(Refusal):
        go(shop, chain["p"], waive=True)
    assert shop.wallet(chain["p"]).frozen_fen == 1000


@pytest.fixture
def gone(shop):
    """Anna, who was paid what she earned, and left. Returns her pid, the sale and the payout."""
    cashier = Cashier(shop)
    anna = shop.member("anna@example.com")
    pid = shop.node(anna).pid
    cashier.payee(anna)
    sale = shop.buy(Person("clara@example.com"), via=anna)
    shop.pass_days(7)
    number = cashier.ask(anna, 1000)
    cashier.send(number)
    cashier.confirm(number)
    go(shop, anna)
    return pid, sale, number, cashier


def clear(shop, pid):
    """What the worker does every hour; then what is left."""
    transaction(trade.clear_departed, shop.now)
    assert transaction(trade.clear_departed, shop.now + 1) == 0
    wallet = ledger.read_wallet(db.session, [pid])
    return wallet.held_fen, wallet.available_fen, wallet.frozen_fen, wallet.debt_fen


def test_a_payout_that_comes_back_later_is_the_shops(shop, gone):
    pid, _, number, cashier = gone
    cashier.act("return", number, actor="account:901", reason="bank")
    assert ledger.read_wallet(db.session, [pid]).available_fen == 1000
    assert clear(shop, pid) == (0, 0, 0, 0)


def test_what_is_owed_later_is_written_off(shop, gone):
    pid, sale, _, _ = gone
    shop.refund(sale, 10000)
    assert ledger.read_wallet(db.session, [pid]).debt_fen == 1000
    assert clear(shop, pid) == (0, 0, 0, 0)


def test_a_refund_that_fails_later_gives_nobody_anything(shop):
    anna = shop.member("anna@example.com")
    pid = shop.node(anna).pid
    refund_id = shop.refund(shop.buy(Person("clara@example.com"), via=anna), 10000, done=False)
    go(shop, anna)
    transaction(trade.settle_refund, refund_id, state="failed", now=shop.now)
    assert clear(shop, pid) == (0, 0, 0, 0)
    shop.pass_days(8)
    assert clear(shop, pid) == (0, 0, 0, 0)


def test_a_refund_that_fails_later_qualifies_nobody(shop):
    boris = shop.member("boris@example.com", joins=False)
    placed = shop.buy(boris)
    node_id = shop.node(boris).id
    refund_id = shop.refund(placed, 1000, done=False)
    go(shop, boris, waive=True)
    transaction(trade.settle_refund, refund_id, state="failed", now=shop.now)
    assert shop.count("SELECT state FROM node WHERE id = :id", id=node_id) == "none"
    assert shop.count("SELECT count(*) FROM link WHERE node_id = :id AND revoked_at IS NULL", id=node_id) == 0


def test_nobody_leaves_with_an_open_claim(shop):
    boris = shop.member("boris@example.com", via=shop.member("anna@example.com"))
    placed = shop.buy(Person("clara@example.com"), via=boris)
    dora = shop.member("dora@example.com")
    told = {"order_number": placed.number, "claim": "x", "actor": "account:9", "now": shop.now}
    transaction(trade.claim_commission, shop.node(dora).id, **told)
    with pytest.raises(Refusal, match="claim of yours"):
        go(shop, dora)


def test_a_debt_is_written_off_when_it_is_old(shop, gone):
    cashier = gone[3]
    dora = shop.member("dora@example.com")
    cashier.payee(dora)
    sale = shop.buy(Person("emma@example.com"), via=dora)
    shop.pass_days(7)
    number = cashier.ask(dora, 1000)
    cashier.send(number)
    cashier.confirm(number)
    told = {"reason": "unreachable", "actor": "account:1"}
    with pytest.raises(Refusal, match="owes nothing"):
        transaction(trade.write_off, shop.node(dora).id, now=shop.now, **told)
    shop.refund(sale, 10000)
    with pytest.raises(Refusal, match="180 days"):
        transaction(trade.write_off, shop.node(dora).id, now=shop.now, **told)
    shop.pass_days(180)
    transaction(trade.write_off, shop.node(dora).id, now=shop.now, **told)
    assert shop.wallet(dora).debt_fen == 0
    assert shop.count("SELECT count(*) FROM node_event WHERE kind = 'written_off'") == 1
