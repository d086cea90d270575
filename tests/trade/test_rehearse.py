"""A rehearsal tells what an act then does to the books, and leaves nothing behind."""

import pytest

from app import ledger, trade
from app.db import db, transaction
from app.errors import Refusal
from tests.conftest import NOW
from tests.shop import Person

pytestmark = pytest.mark.both_databases


def balances():
    with db.engine.connect() as connection:
        return dict(connection.exec_driver_sql("SELECT account, amount_fen FROM balance").all())


def wallets(shop, *people):
    return {shop.node(one).pid: shop.wallet(one) for one in people}


def everything(shop):
    tables = ("journal", "refund", "reversal", '"freeze"', "dispute", "message")
    return balances(), [shop.count(f"SELECT count(*) FROM {one}") for one in tables]


@pytest.fixture
def sold(shop):
    """An order of 100 yuan under two levels, its commission held."""
    boris = shop.member("boris@example.com")
    clara = shop.member("clara@example.com", via=boris)
    placed = shop.buy(Person("dan@example.com"), via=clara)
    return shop.order_id(placed), boris, clara


def come_true(shop, people, rehearsed, act, *args, **kwargs):
    """Whether the act does what its rehearsal said, account by account and bucket by bucket."""
    before, had = balances(), wallets(shop, *people)
    transaction(act, *args, **kwargs)
    after = balances()
    moved = {account: after[account] - before.get(account, 0) for account in after}
    assert {account: fen for account, fen in moved.items() if fen} == rehearsed.legs
    has = wallets(shop, *people)
    told = {one.pid: (one.before, one.after) for one in rehearsed.payees}
    changed = {pid: (had[pid], has[pid]) for pid in had if had[pid] != has[pid]}
    assert changed == {pid: pair for pid, pair in told.items() if pair[0] != pair[1]}


def test_a_refund_of_held_commission(shop, sold):
    order_id, *people = sold
    asked = {"amount_fen": 3333, "way": "hand", "reason": "x", "actor": "account:1", "now": NOW}
    kept = everything(shop)
    effect = transaction(trade.rehearse, trade.refund, order_id, **asked)
    assert everything(shop) == kept
    assert effect.back_fen == 3333
    assert effect.taken_fen == sum(one.taken.held_fen for one in effect.payees) > 0
    come_true(shop, people, effect, trade.refund, order_id, **asked)


def test_a_refund_of_commission_that_was_paid_out_becomes_a_debt(shop, sold):
    order_id, *people = sold
    shop.pass_days(40)
    transaction(ledger.forfeit, "x", shop.node(people[1]).pid, 600, now=shop.now)
    asked = {"amount_fen": 10000, "way": "hand", "reason": "x", "actor": "account:1", "now": shop.now}
    effect = transaction(trade.rehearse, trade.refund, order_id, **asked)
    assert [one.taken.debt_fen for one in effect.payees if one.taken.debt_fen] == [600]
    come_true(shop, people, effect, trade.refund, order_id, **asked)


def test_what_is_refused_is_refused_at_the_rehearsal(shop, sold):
    asked = {"amount_fen": 10001, "way": "hand", "reason": "x", "actor": "account:1", "now": NOW}
    kept = everything(shop)
    with pytest.raises(Refusal):
        transaction(trade.rehearse, trade.refund, sold[0], **asked)
    assert everything(shop) == kept


@pytest.mark.parametrize(("decision", "fen"), [("buyer", None), ("seller", None), ("split", 4000)])
def test_a_decision_and_what_is_let_go(shop, sold, decision, fen):
    order_id, *people = sold
    said = {"claim": "It is used up.", "wanted_fen": 9000, "actor": "buyer", "now": NOW}
    transaction(trade.complain, order_id, **said)
    dispute_id = shop.count("SELECT id FROM dispute")
    for side in ("shop", "opener"):
        transaction(trade.speak, dispute_id, side=side, actor=f"{side}:77", words="x", now=NOW)
    wish = {"account_id": 99, "decision": decision, "fen": fen, "now": NOW}
    kept = everything(shop)
    effect = transaction(trade.rehearse, trade.decide_now, dispute_id, **wish)
    assert everything(shop) == kept
    assert effect.back_fen == {"buyer": 9000, "seller": 0, "split": 4000}[decision]
    assert effect.freed_fen > 0
    assert sum(one.taken.frozen_fen for one in effect.payees) == effect.taken_fen
    if decision == "split":
        # The real thing: decided, and nobody appeals.
        transaction(
            trade.decide_dispute,
            dispute_id,
            account_id=99,
            seen_state="evidence",
            decision=decision,
            fen=fen,
            reason="x",
            now=NOW,
        )
        come_true(shop, people, effect, trade.advance_dispute, dispute_id, NOW + 73 * 3600)
    else:
        come_true(shop, people, effect, trade.decide_now, dispute_id, **wish)


def test_an_offer_and_giving_in(shop, sold):
    order_id, *people = sold
    transaction(trade.complain, order_id, claim="x", wanted_fen=9000, actor="buyer", now=NOW)
    dispute_id = shop.count("SELECT id FROM dispute")
    asked = {"fen": 1234, "actor": "account:1", "now": NOW}
    kept = everything(shop)
    effect = transaction(trade.rehearse, trade.agree_on, dispute_id, **asked)
    whole = transaction(trade.rehearse, trade.concede, dispute_id, actor="account:1", now=NOW)
    assert everything(shop) == kept
    assert (effect.back_fen, whole.back_fen) == (1234, 9000)
    transaction(trade.offer, dispute_id, fen=1234, words="x", actor="account:1", now=NOW)
    come_true(shop, people, effect, trade.take_offer, dispute_id, seen_fen=1234, actor="buyer", now=NOW)
