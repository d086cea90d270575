"""Payouts: what may be asked for, once at a time, and every way that one can end (E7, E24, R09 to R12)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import current_app

from app import ledger, settlement, trade
from app.db import transaction
from app.errors import Refusal
from tests.settlement.cashier import OTHER, OWNER, parts
from tests.shop import Person

pytestmark = pytest.mark.both_databases


def account(shop, name):
    return shop.count("SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account = :name", name=name)


def test_money_leaves_at_the_request_and_is_paid_with_a_reference(shop, cashier, boris):
    number = cashier.ask(boris, 1000)
    assert parts(shop, boris) == (0, 1000, 0, 0)
    cashier.send(number)
    with pytest.raises(Refusal):
        cashier.confirm(number, reference=" ")
    cashier.confirm(number)
    assert parts(shop, boris) == (0, 0, 1000, 0)
    assert account(shop, "asset:bank") == -1000


@pytest.fixture
def with_fee(shop):
    from app import shop as room

    transaction(room.change_settings, payout_fee_fen=10)


def test_a_fee_is_the_shops_income(shop, cashier, boris, with_fee):
    """E24."""
    number = cashier.ask(boris, 1000)
    cashier.send(number)
    cashier.confirm(number)
    assert (account(shop, "asset:bank"), account(shop, "income:payout_fee")) == (-990, -10)
    assert shop.wallet(boris).pending_fen == 0


def test_a_refund_after_the_payout_is_a_debt_that_later_earnings_pay(shop, cashier, boris):
    """E7: the debt of 10 yuan, then 5 and 10 mature."""
    number = cashier.ask(boris, 1000)
    cashier.send(number)
    cashier.confirm(number)
    shop.refund(shop.sale, 10000)
    assert parts(shop, boris) == (0, 0, 1000, 1000)
    with pytest.raises(Refusal):
        cashier.ask(boris, 1000)
    dan = Person("dan@example.com")
    shop.buy(dan, via=boris)
    transaction(shop.product, "half", price_fen=10000)
    shop.buy(Person("emma@example.com"), via=dan, slug="half")
    assert shop.wallet(boris).held_fen == 1500
    shop.pass_days(7)
    assert parts(shop, boris) == (500, 0, 1000, 0)
    assert account(shop, "exp:commission") == shop.count("SELECT sum(net_fen) FROM commission")


@pytest.mark.parametrize("fen", [0, -1, 999, 1001, 10**9])
def test_an_amount_that_cannot_be_is_refused(shop, cashier, boris, fen):
    with pytest.raises(Refusal) as refusal:
        cashier.ask(boris, fen)
    assert refusal.value.field == "amount"
    assert parts(shop, boris) == (1000, 0, 0, 0)


def test_thirty_requests_at_once_are_one(shop, cashier, boris):
    """R10."""
    app = current_app._get_current_object()

    def ask(_):
        with app.app_context():
            try:
                return cashier.ask(boris, 1000)
            except Refusal:
                return None

    with ThreadPoolExecutor(10) as pool:
        answers = [number for number in pool.map(ask, range(30)) if number]
    assert len(answers) == 1
    assert parts(shop, boris) == (0, 1000, 0, 0)


def test_a_refund_and_a_request_at_once_agree(shop, cashier, boris):
    app = current_app._get_current_object()

    def run(act):
        with app.app_context():
            try:
                return act()
            except Refusal:
                return None

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [lambda: cashier.ask(boris, 1000), lambda: shop.refund(shop.sale, 10000)]))
    assert parts(shop, boris) in ((0, 1000, 0, 1000), (0, 0, 0, 0))


@pytest.mark.parametrize("end", ["cancel", "reject", "reject approved", "reject failed"])
def test_what_is_not_sent_comes_back(shop, cashier, boris, end):
    number = cashier.ask(boris, 1000)
    if end == "cancel":
        cashier.act("cancel", number, actor="account:1")
    else:
        if "approved" in end or "failed" in end:
            cashier.act("approve", number, by=OWNER)
        if "failed" in end:
            cashier.act("process", number, actor="account:1")
            cashier.act("fail", number, actor="account:1", reason="no such account")
        cashier.act("reject", number, actor="account:1", reason="please correct the account")
    assert parts(shop, boris) == (1000, 0, 0, 0)
    assert cashier.ask(boris, 1000)


def test_what_comes_back_pays_a_debt_first(shop, cashier, boris):
    number = cashier.ask(boris, 1000)
    shop.refund(shop.sale, 4000)
    assert parts(shop, boris) == (0, 1000, 0, 400)
    cashier.act("cancel", number, actor="account:1")
    assert parts(shop, boris) == (600, 0, 0, 0)


def test_a_failed_one_is_retried_and_paid_once(shop, cashier, boris):
    number = cashier.ask(boris, 1000)
    cashier.send(number)
    cashier.act("fail", number, actor="account:1", reason="bank closed")
    cashier.act("retry", number, actor="account:1")
    cashier.send(number)
    cashier.confirm(number)
    with pytest.raises(settlement.PayoutMoved):
        cashier.confirm(number)
    assert parts(shop, boris) == (0, 0, 1000, 0)


def test_paid_money_that_comes_back_is_available_again(shop, cashier, boris, with_fee):
    number = cashier.ask(boris, 1000)
    cashier.send(number)
    cashier.confirm(number)
    cashier.act("return", number, actor="account:1", reason="account closed")
    assert parts(shop, boris) == (1000, 0, 0, 0)
    assert account(shop, "asset:bank") == account(shop, "income:payout_fee") == 0


def test_a_large_one_wants_two_people(shop, cashier, boris):
    from app import shop as room

    transaction(room.change_settings, payout_second_admin_fen=999)
    number = cashier.ask(boris, 1000)
    cashier.send(number)
    with pytest.raises(Refusal):
        cashier.confirm(number, by=OWNER)
    cashier.confirm(number, by=OTHER)
    assert parts(shop, boris) == (0, 0, 1000, 0)


def test_who_is_alone_is_told_what_to_do(shop, cashier, boris):
    from app import shop as room

    transaction(room.change_settings, payout_second_admin_fen=999)
    olga = shop.owner().account_id
    number = cashier.ask(boris, 1000)
    cashier.act("approve", number, by=olga)
    cashier.act("process", number, actor=f"account:{olga}")
    with pytest.raises(Refusal, match="alone"):
        cashier.confirm(number, by=olga)
    shop.owner("otto@example.com", role="manager")
    with pytest.raises(Refusal, match="somebody else"):
        cashier.confirm(number, by=olga)


def test_of_two_who_decide_at_once_one_is_told(shop, cashier, boris):
    number = cashier.ask(boris, 1000)
    app = current_app._get_current_object()

    def decide(act):
        with app.app_context():
            try:
                act()
                return 1
            except settlement.PayoutMoved:
                return 0

    acts = [
        lambda: cashier.act("approve", number, by=OWNER),
        lambda: cashier.act("reject", number, actor="account:2", reason="no"),
        lambda: cashier.act("cancel", number, actor="account:3"),
    ]
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(decide, acts))
    assert sum(done) == 1 or (done[0] == 1 and sum(done) == 2)


def test_broken_books_stop_payouts_and_nothing_else(shop, cashier, boris):
    number = cashier.ask(boris, 1000)
    finding = ledger.Finding("I9", "x", 1, "accounts", 1)
    transaction(ledger.record_checkup, [finding], shop.now)
    with pytest.raises(Refusal):
        cashier.act("approve", number, by=OWNER)
    cashier.act("cancel", number, actor="account:1")
    with pytest.raises(Refusal):
        cashier.ask(boris, 1000)
    assert shop.buy(Person("dan@example.com"), via=boris)


def test_too_little_is_told_as_that(shop, cashier, boris):
    shop.refund(shop.sale, 4000)
    with pytest.raises(Refusal, match="begin at"):
        cashier.ask(boris, 600)


def test_nobody_says_that_their_own_came_back(shop, cashier, boris):
    number = cashier.ask(boris, 1000)
    cashier.send(number)
    myself = {"actor": f"account:{boris.account_id}", "reason": "so I say"}
    with pytest.raises(Refusal):
        cashier.act("fail", number, **myself)
    cashier.confirm(number)
    with pytest.raises(Refusal):
        cashier.act("return", number, **myself)
    assert parts(shop, boris) == (0, 0, 1000, 0)


def test_nobody_approves_or_confirms_their_own(shop, cashier, boris):
    number = cashier.ask(boris, 1000)
    with pytest.raises(Refusal):
        cashier.act("approve", number, by=boris.account_id)
    cashier.send(number)
    with pytest.raises(Refusal):
        cashier.confirm(number, by=boris.account_id)
    assert parts(shop, boris) == (0, 1000, 0, 0)


def test_nothing_is_sent_to_who_is_suspended_or_banned(shop, cashier, boris):
    number = cashier.ask(boris, 1000)
    told = {"reason": "x", "actor": "account:1", "now": shop.now}
    transaction(trade.suspend, shop.node(boris).id, **told)
    with pytest.raises(Refusal, match="suspended"):
        cashier.act("approve", number, by=OWNER)
    transaction(trade.lift, shop.node(boris).id, **told)
    cashier.act("approve", number, by=OWNER)
    transaction(trade.suspend, shop.node(boris).id, **told)
    with pytest.raises(Refusal, match="suspended"):
        cashier.act("process", number, actor="account:1")
    assert transaction(settlement.start_batch, actor="account:1", now=shop.now) == []
    cashier.act("reject", number, actor="account:1", reason="look here")
    assert shop.count("SELECT state FROM payout") == "rejected"


def test_what_failed_is_not_tried_again_for_who_is_banned(shop, cashier, boris):
    number = cashier.ask(boris, 1000)
    cashier.send(number)
    transaction(trade.ban, shop.node(boris).id, reason="x", actor="account:1", now=shop.now)
    cashier.act("fail", number, actor="account:901", reason="r")
    cashier.act("retry", number, actor="account:901")
    with pytest.raises(Refusal, match="banned"):
        cashier.act("approve", number, by=OWNER)
