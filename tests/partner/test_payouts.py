"""Payouts by their pages: asked for, seen, taken back; and where they go (R10 to R12)."""

import pytest

from app import clock, referral, settlement
from app.clock import HOUR
from app.db import transaction
from app.display import moment
from tests import journey
from tests.shop import Person

pytestmark = pytest.mark.both_databases
PAGE, PAYEE = "/partner/payouts", "/partner/payee"
WHERE = {"method": "alipay", "account": "138 0013 8000", "name": "李琳", "password": journey.PASSWORD}


@pytest.fixture
def clara(shop, visitor):
    """Clara, who registered and joined in her browser, and has 10 yuan available."""
    journey.join(journey.register(visitor, "clara@example.com"))
    clara = Person("clara@example.com", shop.count("SELECT max(id) FROM account"))
    assert visitor.post(PAYEE, WHERE, page=PAYEE).status_code == 303
    shop.buy(Person("dan@example.com"), via=clara)
    return clara


@pytest.fixture
def later(shop, visitor, clara):
    """Eight days pass, and Clara logs in again."""
    with clock.frozen(shop.now + 8 * clock.DAY):
        shop.now += 8 * clock.DAY
        journey.log_in(visitor, "clara@example.com")
        yield


def test_what_was_earned_is_released_and_asked_for(visitor, shop, clara, later):
    text = visitor.get(PAGE).text
    assert "10.00" in text
    assert "138****8000" in text
    assert "13800138000" not in text
    assert visitor.post(PAGE, {"amount": "10.00"}, page=PAGE).status_code == 303
    assert shop.wallet(clara).pending_fen == 1000
    assert visitor.post(PAGE, {"amount": "10.00"}).status_code == 422


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1e2", "１０", "9.99", "10.01", "", "10,00"])
def test_an_amount_that_cannot_be_is_told_beside_the_field(visitor, shop, clara, later, amount):
    answer = visitor.post(PAGE, {"amount": amount}, page=PAGE)
    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.text
    assert shop.wallet(clara).pending_fen == 0


def test_it_can_be_taken_back_until_somebody_looks(visitor, shop, clara, later):
    visitor.post(PAGE, {"amount": "10.00"}, page=PAGE)
    number = shop.count("SELECT number FROM payout")
    assert "not arrived yet" in visitor.get(f"{PAGE}?lang=en").text
    assert visitor.post(f"{PAGE}/{number}/cancellation", page=PAGE).status_code == 303
    assert ">Withdrawn<" in visitor.get(PAGE).text
    assert shop.wallet(clara).available_fen == 1000
    assert visitor.post(f"{PAGE}/{number}/cancellation").status_code == 409


def test_a_foreign_one_is_not_there(visitor, shop, clara, later):
    dan = shop.member("erik@example.com")
    transaction(
        settlement.save_payee, dan.account_id, method="bank", name="E", account="6222020200", now=shop.now - 73 * HOUR
    )
    shop.buy(Person("fay@example.com"), via=dan)
    shop.pass_days(8)
    number = transaction(
        settlement.request_payout, dan.account_id, 1000, shop.settings, actor="account:9", now=shop.now
    )
    assert visitor.post(f"{PAGE}/{number}/cancellation", page="/orders").status_code == 404
    assert number not in visitor.get(PAGE).text


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("password", {"password": "wrong wrong wrong"}),
        ("account", {"account": "12"}),
        ("account", {"account": ""}),
        ("name", {"name": " "}),
        ("method", {"method": "cash"}),
    ],
)
def test_where_it_goes_is_checked_beside_the_field(visitor, clara, field, changes):
    answer = visitor.post(PAYEE, WHERE | changes, page=PAYEE)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_change_waits_and_says_until_when(app, visitor, shop, clara, later):
    with app.test_request_context("/?lang=en"):
        until = moment(shop.now + shop.settings.payout_cooldown_hours * HOUR)
    assert until not in visitor.get(f"{PAYEE}?lang=en").text
    assert visitor.post(PAYEE, WHERE | {"account": "13900139000"}, page=PAYEE).status_code == 303
    assert until in visitor.get(PAYEE).text
    assert until in visitor.get(PAGE).text
    refused = visitor.post(PAGE, {"amount": "10.00"}, page="/orders")
    assert (refused.status_code, until in refused.text) == (422, True)
    assert shop.wallet(clara).pending_fen == 0


def test_two_accounts_that_are_paid_to_one_place_are_one_person(visitor, shop, clara):
    other = shop.member("other@example.com")
    index = transaction(
        settlement.save_payee, other.account_id, method="alipay", name="x", account="13800138000", now=shop.now
    )
    transaction(referral.remember_payee, shop.node(other).id, index)
    before = shop.wallet(clara).held_fen
    shop.buy(other, via=clara)
    assert shop.wallet(clara).held_fen == before
