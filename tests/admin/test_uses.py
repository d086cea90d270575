"""What was bought is used at the merchant's desk: recorded once, by somebody with a name."""

import pytest

from app import clock, trade
from app.db import transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sold(shop):
    """Sell goods of a nature; returns the order's address at the desk, and its line."""

    def act(**nature):
        transaction(shop.product, "goods", **nature)
        placed = shop.buy(Person("clara@example.com"), slug="goods")
        return f"/admin/orders/{placed.number}", shop.count("SELECT max(id) FROM order_line")

    return act


def left(shop):
    return shop.count("SELECT uses_left FROM entitlement")


def test_a_use_is_recorded_with_the_name_of_who_recorded_it(olga, sold, shop):
    page, line = sold(vesting="use_count", uses=7)
    assert olga.post(f"{page}/uses", {"line": line, "left": "7", "count": "2"}).status_code == 303
    assert left(shop) == 5
    shown = olga.get(page).text
    assert "o…a@example.com" in shown
    assert "× 2" in shown
    assert 'name="left" type="hidden" value="5"' in shown


def test_the_same_form_sent_twice_is_one_use(olga, sold, shop):
    page, line = sold(vesting="use_count", uses=7)
    form = {"line": line, "left": "7", "count": "2"}
    assert olga.post(f"{page}/uses", form).status_code == 303
    answer = olga.post(f"{page}/uses", form)
    assert answer.status_code == 422
    assert f'id="count-{line}-error"' in answer.text
    assert 'name="left" type="hidden" value="5"' in answer.text
    assert left(shop) == 5


@pytest.mark.parametrize("count", ["0", "-1", "8", "1.5", "", "１", "99999999999999999999"])
def test_a_count_that_cannot_be_is_refused_beside_its_field(olga, sold, shop, count):
    page, line = sold(vesting="use_count", uses=7)
    answer = olga.post(f"{page}/uses", {"line": line, "left": "7", "count": count})
    assert answer.status_code == 422
    assert f'id="count-{line}-error"' in answer.text
    assert left(shop) == 7


@pytest.mark.parametrize("line", ["999", "0"])
def test_a_line_of_another_order_is_not_there(olga, sold, shop, line):
    page, _ = sold(vesting="use_count", uses=7)
    assert olga.post(f"{page}/uses", {"line": line, "left": "7", "count": "1"}).status_code == 404
    assert olga.post(f"{page}/activations", {"line": line}).status_code == 303
    assert left(shop) == 7


def test_the_merchant_activates_what_the_buyer_came_to_redeem(olga, sold, shop):
    page, line = sold(vesting="first_use", validity_days=30)
    assert f"{page}/activations" in olga.get(page).text
    for _ in range(2):
        assert olga.post(f"{page}/activations", {"line": line}).status_code == 303
    assert shop.count("SELECT count(*) FROM entitlement_event WHERE actor LIKE 'account:%'") == 1
    assert f"{page}/activations" not in olga.get(page).text


def test_the_buyers_activation_is_told_as_such(olga, sold, shop):
    page, line = sold(vesting="first_use", validity_days=30)
    transaction(trade.activate, shop.count("SELECT max(id) FROM orders"), line, "buyer", shop.now)
    assert "the buyer" in olga.get(page).text or "买家" in olga.get(page).text


def test_what_ran_out_offers_no_form(olga, sold, shop):
    page, _ = sold(vesting="use_count", uses=7, validity_days=30)
    assert f"{page}/uses" in olga.get(page).text
    with clock.frozen(shop.now + 30 * clock.DAY):
        olga.post("/login", {"contact": "olga@example.com", "password": "four unrelated plain words"}, page="/login")
        shown = olga.get(page)
    assert shown.status_code == 200
    assert f"{page}/uses" not in shown.text
