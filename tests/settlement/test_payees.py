"""Payees: where the money goes, how long a change waits, and who shares one (R12)."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from flask import current_app

from app import settlement
from app.clock import HOUR
from app.db import db, transaction
from app.errors import Refusal
from app.settlement import request
from tests.shop import Person

pytestmark = pytest.mark.both_databases


def test_a_changed_payee_waits_for_three_days(shop, cashier, boris):
    """R12."""
    cashier.payee(boris, "13900139000")
    shop.now += 72 * HOUR - 1
    with pytest.raises(Refusal) as refusal:
        cashier.ask(boris, 1000)
    assert refusal.value.field == "payee"
    shop.now += 1
    assert cashier.ask(boris, 1000)


def test_nobody_is_paid_to_nowhere(shop, cashier):
    anna = shop.member("anna@example.com")
    shop.buy(Person("clara@example.com"), via=anna)
    shop.pass_days(7)
    with pytest.raises(Refusal) as refusal:
        cashier.ask(anna, 1000)
    assert refusal.value.field == "payee"


@pytest.mark.parametrize(
    ("method", "text"),
    [("alipay", "x"), ("bank", "12"), ("wechat", ""), ("cash", "13800138000"), ("alipay", "１３８００１３８０００")],
)
def test_a_payee_that_cannot_be_is_refused(shop, boris, method, text):
    with pytest.raises(Refusal):
        transaction(settlement.save_payee, boris.account_id, method=method, name="x", account=text, now=shop.now)


@pytest.mark.parametrize(
    ("method", "written", "meant"),
    [
        ("alipay", "anna-b@example.com ", "anna-b@example.com"),
        ("alipay", "138-0013 8000", "13800138000"),
        ("wechat", "anna-b_c", "anna-b_c"),
        ("bank", "6222 0202 0011 2233", "6222020200112233"),
    ],
)
def test_an_account_is_kept_as_it_is_meant(shop, boris, method, written, meant):
    """The hyphen of an address is part of it: without it the money goes to somebody else."""
    transaction(settlement.save_payee, boris.account_id, method=method, name="x", account=written, now=shop.now)
    assert settlement.current_payee(db.session, boris.account_id).account == meant


@pytest.mark.parametrize("account", ["a\x00b@example.com", "a b@example.com", "a@b@example.com", "a@example"])
def test_an_address_that_cannot_be_is_refused(shop, boris, account):
    with pytest.raises(Refusal) as refusal:
        transaction(settlement.save_payee, boris.account_id, method="alipay", name="x", account=account, now=shop.now)
    assert refusal.value.field == "account"


@pytest.mark.parametrize(("account", "shown"), [("13800138000", "138****8000"), ("62220202", "6****2")])
def test_little_of_an_account_is_shown(shop, cashier, boris, account, shown):
    transaction(settlement.save_payee, boris.account_id, method="bank", name="x", account=account, now=shop.now)
    assert settlement.current_payee(db.session, boris.account_id).masked == shown


def test_a_payee_that_is_changed_during_the_request_is_not_paid(shop, cashier, boris, monkeypatch):
    """R12, by two requests at once. What one saves after the other looked at the age of the payee waits like any change."""
    app = current_app._get_current_object()

    def save():
        with app.app_context():
            cashier.payee(boris, "13900139000")

    with ThreadPoolExecutor(1) as pool:
        changes = []

        def change_meanwhile(wallet):
            changes.append(pool.submit(save))
            # PostgreSQL lets it through at once; SQLite lets nobody write until the request is done.
            wait(changes, timeout=0.5)
            return 1000

        monkeypatch.setattr(request, "payable_fen", change_meanwhile)
        number = cashier.ask(boris, 1000)
        changes[0].result()
    payout = settlement.find_payout(db.session, number)
    assert settlement.payee_by_id(db.session, payout.payee_id).account == "13800138000"
    db.session.rollback()
    assert settlement.current_payee(db.session, boris.account_id).account == "13900139000"


def test_one_payee_of_two_accounts_is_seen(shop, cashier, boris):
    dan = shop.member("dan@example.com")
    index = cashier.payee(dan, "138 0013 8000")
    assert settlement.accounts_with(db.session, index, dan.account_id) == [boris.account_id]
