"""The merchant takes an order in hand: confirms it with the password, hands it over again, replaces a code."""

import re

import pytest

from app import stock
from app.db import db, transaction
from app.payments import Verdict
from tests.admin.conftest import PASSWORD
from tests.shop import Person
from tests.visitor import Visitor

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")


@pytest.fixture
def placed(shop):
    return shop.place(CLARA)


@pytest.fixture
def clara(app, shop, placed):
    """The buyer's browser."""
    browser = Visitor(app, address="203.0.113.77")
    browser.get(f"/orders/{placed.number}?key={placed.secret}")
    return browser


def page_of(placed):
    return f"/admin/orders/{placed.number}"


@pytest.fixture
def confirmation(form_of, placed):
    page = page_of(placed)
    told = {"reference": "2026112322001", "note": "支付宝里看到了", "password": PASSWORD}
    return lambda **changes: (f"{page}/confirmation", form_of(page, f"{page}/confirmation", **(told | changes)))


class TestConfirmation:
    def test_it_is_paid_delivered_and_written_down(self, olga, confirmation, shop, clara, placed):
        """D05: it needs a reason and the password, and the notice says who."""
        address, form = confirmation()
        assert olga.post(address, form).status_code == 303
        assert shop.count("SELECT state FROM orders") == "paid"
        assert "PS-00000" in clara.get(f"/orders/{placed.number}").text
        body = bytes(shop.count("SELECT body FROM notice WHERE source = 'hand'")).decode()
        account_id = shop.count("SELECT max(id) FROM account")
        assert body == f"reference=2026112322001\nnote=支付宝里看到了\nactor=account:{account_id}"
        assert "支付宝里看到了" in olga.get("/admin/notices/1").text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"password": "wrong"}, "confirm-password"),
            ({"password": ""}, "confirm-password"),
            ({"note": ""}, "confirm-note"),
            ({"reference": ""}, "reference"),
        ],
    )
    def test_without_them_nothing_happens(self, olga, confirmation, shop, changes, field):
        address, form = confirmation(**changes)
        answer = olga.post(address, form)
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
        assert PASSWORD not in answer.text
        assert shop.count("SELECT state FROM orders") == "pending"
        assert shop.count("SELECT count(*) FROM notice") == 0

    def test_a_form_sent_twice_pays_once(self, olga, confirmation, shop):
        address, form = confirmation()
        assert [olga.post(address, form).status_code for _ in range(2)] == [303, 422]
        assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == 1

    def test_a_later_callback_changes_nothing(self, olga, confirmation, shop, placed):
        """D05."""
        address, form = confirmation()
        olga.post(address, form)
        assert shop.pay(placed, trade_number="T-REAL") is Verdict.DUPLICATE
        assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1

    def test_an_admin_may_and_a_buyer_may_not(self, app, shop, placed, clara):
        shop.owner("ada@example.com", PASSWORD, role="manager")
        ada = Visitor(app, address="203.0.113.78")
        ada.post("/login", {"contact": "ada@example.com", "password": PASSWORD})
        form = {"reference": "T1", "note": "x", "password": PASSWORD}
        assert clara.post(f"{page_of(placed)}/confirmation", form).status_code in (302, 403)
        assert shop.count("SELECT state FROM orders") == "pending"
        assert ada.post(f"{page_of(placed)}/confirmation", form).status_code == 303


def test_hand_over_again(olga, form_of, shop, clara, placed):
    take = "UPDATE card SET state = 'faulty', order_id = NULL WHERE order_id IS NOT NULL"
    transaction(lambda tx: tx.exec_driver_sql(take))
    shop.pay(placed)
    page = page_of(placed)
    form = form_of(page, f"{page}/deliveries", reason="补发")
    assert olga.post(f"{page}/deliveries", form | {"reason": ""}).status_code == 422
    assert olga.post(f"{page}/deliveries", form).status_code == 303
    assert "PS-00001" in clara.get(f"/orders/{placed.number}").text
    assert "补发" in olga.get(page).text
    assert olga.post(f"{page}/deliveries", form).status_code == 422


class TestReplacement:
    @pytest.fixture
    def form(self, form_of, shop, placed):
        shop.pay(placed)
        card_id = shop.count("SELECT id FROM card WHERE state = 'sold'")
        page = page_of(placed)
        return form_of(page, f"{page}/replacements", card=str(card_id), reason="无效")

    def test_the_buyer_sees_the_new_one_and_that_the_old_was_replaced(self, olga, form, shop, clara, placed):
        # The form names the codes masked; order and story say which one took the place of which.
        assert "P••••0" in olga.get(page_of(placed)).text
        assert olga.post(f"{page_of(placed)}/replacements", form).status_code == 303
        told = olga.get(page_of(placed)).text
        assert "P••••0 → P••••1" in told
        assert ("PS-0000" in told, told.split('id="story"')[1].count(form["reason"])) == (False, 1)
        page = clara.get(f"/orders/{placed.number}").text
        assert "<s>PS-00000</s>" in page
        assert re.search(r'<code id="code-1">PS-00001</code>', page)
        goods = clara.get(f"/orders/{placed.number}/goods.txt").text
        assert ("PS-00001" in goods, "PS-00000" in goods) == (True, False)

    def test_the_merchant_sees_neither(self, olga, form, placed):
        answer = olga.post(f"{page_of(placed)}/replacements", form)
        assert answer.status_code == 303
        page = olga.get(page_of(placed)).text
        assert "PS-0000" not in page
        assert "无效" in page

    @pytest.mark.parametrize("card", ["1 OR 1=1", "", "-1", "９", "999999"])
    def test_what_is_no_card_of_the_order(self, olga, form, shop, placed, card):
        answer = olga.post(f"{page_of(placed)}/replacements", form | {"card": card})
        assert (answer.status_code, 'id="card-error"' in answer.text) == (422, True)
        assert shop.count("SELECT count(*) FROM card WHERE state = 'faulty'") == 0

    def test_sold_out_is_told_beside_the_field(self, olga, shop, form_of):
        transaction(shop.product, "one", codes=1)
        placed = shop.buy(Person("dan@example.com"), slug="one", address="198.51.100.9")
        page = page_of(placed)
        card_id = str(stock.cards_of_order(db.session, shop.order_id(placed))[0].id)
        form = form_of(page, f"{page}/replacements", card=card_id, reason="无效")
        answer = olga.post(f"{page}/replacements", form)
        assert (answer.status_code, 'id="card-error"' in answer.text) == (422, True)

    def test_not_of_an_order_that_is_not_paid(self, olga, shop):
        other = shop.place(Person("dan@example.com"), address="198.51.100.9")
        answer = olga.post(f"{page_of(other)}/replacements", {"card": "1", "reason": "x"})
        assert answer.status_code == 422
