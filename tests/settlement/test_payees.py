"""Payees: where the money goes, how long a change waits, and who shares one (R12)."""

import pytest

from app import settlement
from app.clock import HOUR
from app.db import db, transaction
from app.errors import Refusal
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


def test_one_payee_of_two_accounts_is_seen(shop, cashier, boris):
    dan = shop.member("dan@example.com")
    index = cashier.payee(dan, "138 0013 8000")
    assert settlement.accounts_with(db.session, index, dan.account_id) == [boris.account_id]
