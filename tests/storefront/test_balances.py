"""To pay from one's balance: offered to whom it is enough for, with the password, and once."""

import re

import pytest

from app import accounts, payments
from app.db import db, transaction
from tests.shop import Person
from tests.storefront.test_orders import order_form
from tests.visitor import Visitor

pytestmark = pytest.mark.both_databases
PASSWORD = "four unrelated plain words"


@pytest.fixture
def boris(shop):
    row = {"slug": "balance", "gateway": "balance", "name": "余额", "settings": {}, "enabled": True}
    transaction(payments.create_channel, **row, now=shop.now)
    boris = shop.member("boris@example.com")
    for number in range(11):
        transaction(shop.product, f"p{number}", codes=1)
        shop.buy(Person(f"buyer{number}@example.com"), via=boris, slug=f"p{number}")
    words = accounts.hash_password(PASSWORD)
    change = "UPDATE account SET password_hash = :words WHERE id = :id"
    transaction(lambda tx: tx.execute(db.text(change), {"words": words, "id": boris.account_id}))
    return boris


@pytest.fixture
def visitor(app, shop, boris):
    visitor = Visitor(app)
    visitor.post("/login", {"contact": "boris@example.com", "password": PASSWORD}, page="/login")
    return visitor


def place(visitor):
    answer = visitor._send("POST", "/orders", data=order_form(visitor, gateway="balance:balance"))
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.text)
    return answer.location


def pay(visitor, location, password=PASSWORD):
    form = {"password": password}
    return visitor.post(f"{location}/payment/balance", form, page=f"{location}/payment")


def test_it_is_offered_only_to_who_has_enough(shop, visitor, app):
    assert "balance:balance" not in visitor.get("/p/ps").text, "it is still held"
    shop.pass_days(7)
    assert "balance:balance" in visitor.get("/p/ps").text
    assert "balance:balance" not in Visitor(app).get("/p/ps").text
    guest = Visitor(app)
    assert guest._send("POST", "/orders", data=order_form(guest, gateway="balance:balance")).status_code == 422


def test_it_leads_to_the_goods_with_the_password(shop, visitor):
    shop.pass_days(7)
    location = place(visitor)
    answer = pay(visitor, location, "not it")
    assert (answer.status_code, 'id="password-error"' in answer.text) == (422, True)
    assert pay(visitor, location).status_code == 303
    assert "PS-0000" in visitor.get(location, follow_redirects=True).text
    assert shop.count("SELECT sum(amount_fen) FROM balance WHERE account LIKE 'liab:avail:%'") == -(11000 - 9500)


def test_an_order_that_is_not_of_the_account_is_not_there(shop, visitor, app):
    shop.pass_days(7)
    location = place(visitor)
    stranger = Visitor(app)
    token = stranger.token("/orders")
    form = {"csrf_token": token, "password": PASSWORD}
    assert stranger._send("POST", f"{location}/payment/balance", data=form).status_code == 404


def test_nobody_can_send_a_notice_about_it(shop, visitor):
    assert visitor.get("/hooks/payments/balance?trade_status=TRADE_SUCCESS").status_code == 404
