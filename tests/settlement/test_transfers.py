"""Payouts that Alipay's interface sends: once, whatever goes wrong on the way, and booked as Alipay says (distribution 1.13)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import current_app

from app import ledger, outbox, payments, settlement, trade
from app import shop as shop_room
from app.clock import DAY, HOUR
from app.db import db, transaction
from app.errors import Refusal
from tests.fakes.alipay_server import AlipayServer
from tests.settlement.cashier import OTHER, OWNER, parts

pytestmark = pytest.mark.both_databases


@pytest.fixture
def alipay(shop):
    with AlipayServer() as server:
        transaction(payments.save_transfer_account, server.settings(), shop.now)
        yield server


@pytest.fixture
def number(shop, cashier, boris, alipay):
    """An approved payout of 10 yuan."""
    number = cashier.ask(boris, 1000)
    cashier.act("approve", number, by=OWNER)
    return number


def give(shop, number, by=OWNER):
    transaction(trade.send_payout, number, by=by, settings=shop.settings, now=shop.now)


def work(shop, seconds=0):
    shop.now += seconds
    return trade.send_transfers(shop.now)


def state(number):
    db.session.rollback()
    return settlement.find_payout(db.session, number).state


def sent(alipay):
    return [call["method"].rpartition(".")[2] for call in alipay.calls]


def test_it_is_sent_and_booked(shop, boris, alipay, number):
    transaction(shop_room.change_settings, payout_fee_fen=0)
    give(shop, number)
    assert (state(number), alipay.calls) == ("processing", [])
    assert work(shop) == 1
    payout = settlement.find_payout(db.session, number)
    assert (payout.state, payout.reference) == ("paid", alipay.transfers[f"{number}_1"]["order_id"])
    assert settlement.events_of(db.session, payout.id)[-1].actor == "provider:alipay"
    assert alipay.transfers[f"{number}_1"]["content"]["trans_amount"] == "10.00"
    assert parts(shop, boris) == (0, 0, 1000, 0)
    assert (work(shop, DAY), sent(alipay)) == (0, ["transfer"])


def test_the_fee_stays_with_the_shop(shop, cashier, boris, alipay):
    transaction(shop_room.change_settings, payout_fee_fen=50)
    number = cashier.ask(boris, 1000)
    cashier.act("approve", number, by=OWNER)
    give(shop, number)
    work(shop)
    assert alipay.transfers[f"{number}_1"]["content"]["trans_amount"] == "9.50"


def test_a_refusal_gives_the_money_back_to_wait(shop, cashier, boris, alipay, number):
    """Failed, tried anew under another number, and sent once."""
    alipay.outcomes["李琳"] = "PAYEE_NOT_EXIST"
    give(shop, number)
    assert work(shop) == 0
    payout = settlement.find_payout(db.session, number)
    assert payout.state == "failed"
    assert "收款账号不存在" in settlement.last_reasons(db.session, [payout.id])[payout.id]
    assert parts(shop, boris) == (0, 1000, 0, 0)
    alipay.outcomes.clear()
    cashier.act("retry", number, actor="account:1")
    cashier.act("approve", number, by=OWNER)
    give(shop, number)
    assert work(shop) == 1
    assert list(alipay.transfers) == [f"{number}_2"]


@pytest.mark.parametrize("fault", ["500", "unsigned", "foreign key"])
def test_a_doubtful_one_waits_and_is_not_sent_twice(shop, cashier, alipay, number, fault):
    alipay.fault = fault
    give(shop, number)
    assert work(shop) == 0
    assert state(number) == "processing"
    for act, told in (("fail", {"reason": "x", "actor": "account:1"}), ("confirm", None)):
        with pytest.raises(Refusal, match="not said yet"):
            cashier.act(act, number, **told) if told else cashier.confirm(number)
    alipay.fault = None
    assert work(shop, 30) == 0
    assert work(shop, HOUR) == 1
    assert (sent(alipay), state(number), len(alipay.transfers)) == (["transfer", "query"], "paid", 1)


def test_nothing_was_said_and_it_is_tried_again(shop, alipay, number):
    account = alipay.settings(gateway="http://127.0.0.1:9/gateway.do")
    transaction(payments.save_transfer_account, account, shop.now)
    give(shop, number)
    assert work(shop) == 0
    transaction(payments.save_transfer_account, alipay.settings(), shop.now)
    assert (work(shop, HOUR), state(number), sent(alipay)) == (1, "paid", ["query", "transfer"])


def test_a_worker_that_dies_in_between_leaves_nothing_twice(shop, alipay, number, monkeypatch):
    give(shop, number)
    with monkeypatch.context() as changes:
        changes.setattr("app.trade.transfer._settle", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(shop)
    assert state(number) == "processing"
    assert work(shop) == 0
    assert work(shop, HOUR) == 1
    assert (sent(alipay), state(number)) == (["transfer", "query"], "paid")


def test_after_three_days_somebody_looks_it_up(shop, cashier, alipay, number):
    alipay.outcomes["李琳"] = "DEALING"
    give(shop, number)
    for _ in range(80):
        work(shop, HOUR)
    assert state(number) == "processing"
    payout = settlement.find_payout(db.session, number)
    subject = settlement.transfer_subject(db.session, payout)
    assert not outbox.is_pending(db.session, subject)
    assert outbox.reasons(db.session, [subject])[subject]
    asked = len(alipay.calls)
    assert (work(shop, DAY), len(alipay.calls)) == (0, asked)
    cashier.confirm(number)
    assert state(number) == "paid"


def test_broken_books_send_nothing(shop, alipay, number):
    give(shop, number)
    transaction(ledger.record_checkup, [ledger.Finding("I1", "a test", 0, "fen", 1)], shop.now)
    assert (work(shop), alipay.calls) == (0, [])
    transaction(ledger.record_checkup, [], shop.now + 1)
    assert work(shop, HOUR) == 1


def test_without_keys_it_waits(shop, alipay, number):
    give(shop, number)
    transaction(payments.drop_transfer_account)
    assert work(shop) == 0
    transaction(payments.save_transfer_account, alipay.settings(), shop.now)
    assert work(shop, HOUR) == 1


def test_without_keys_it_cannot_be_given(shop, alipay, number):
    transaction(payments.drop_transfer_account)
    with pytest.raises(Refusal, match="no account at Alipay"):
        give(shop, number)
    assert state(number) == "approved"


def test_a_large_one_wants_two_people_before_it_is_sent(shop, alipay, number):
    transaction(shop_room.change_settings, payout_second_admin_fen=999)
    with pytest.raises(Refusal, match="two people"):
        give(shop, number)
    give(shop, number, by=OTHER)
    transaction(shop_room.change_settings, payout_second_admin_fen=1)
    assert (work(shop), state(number)) == (1, "paid")


def test_only_alipay_accounts_are_sent_to(shop, cashier, boris, alipay):
    row = {"method": "bank", "name": "李琳", "account": "6222020200112233"}
    transaction(settlement.save_payee, boris.account_id, now=shop.now - 4 * DAY, **row)
    number = cashier.ask(boris, 1000)
    cashier.act("approve", number, by=OWNER)
    with pytest.raises(Refusal, match="accounts at Alipay"):
        give(shop, number)


def test_nobody_sends_their_own(shop, boris, alipay, number):
    with pytest.raises(Refusal):
        give(shop, number, by=boris.account_id)


def test_two_workers_send_it_once(shop, alipay, number):
    give(shop, number)
    db.session.rollback()
    app = current_app._get_current_object()

    def one():
        with app.app_context():
            return trade.send_transfers(shop.now)

    with ThreadPoolExecutor(2) as pool:
        assert sum(run.result() for run in [pool.submit(one), pool.submit(one)]) == 1
    assert (len(alipay.transfers), state(number)) == (1, "paid")


def test_keys_are_sealed_and_the_private_one_stays_when_left_blank(shop, alipay):
    key = alipay.settings()["private_key"]
    sealed = bytes(db.session.execute(db.text("SELECT settings_sealed FROM transfer_account")).scalar())
    assert key.encode()[:40] not in sealed
    db.session.rollback()
    transaction(payments.save_transfer_account, alipay.settings(private_key="", scene=""), shop.now)
    assert payments.transfer_settings(db.session) == alipay.settings(scene="")
    db.session.rollback()
    elsewhere = alipay.settings(private_key="", gateway="https://evil.example/gateway.do")
    with pytest.raises(Refusal) as refusal:
        transaction(payments.save_transfer_account, elsewhere, shop.now)
    assert refusal.value.field == "private_key"
