"""/admin/orders/…/cancellation: an unpaid order ends, its codes go back, and money that still comes is late money."""

import pytest

from app.payments import Verdict
from tests.shop import Person

FREE = "SELECT count(*) FROM card WHERE state = 'available'"


@pytest.mark.both_databases
def test_an_unpaid_order_is_cancelled_once_and_late_money_takes_it_up(olga, shop):
    free = shop.count(FREE)
    placed = shop.place(Person("clara@example.com"), quantity=3)
    order = f"/admin/orders/{placed.number}"
    page, act = f"{order}/cancellation/new", f"{order}/cancellation"
    assert page in olga.get(order).text
    assert "<dd>3</dd>" in olga.get(page).text
    assert olga.post(act, {"reason": ""}, page=page).status_code == 422
    assert shop.count(FREE) == free - 3
    for _ in range(2):
        assert olga.post(act, {"reason": "the buyer asked"}, page=order).status_code == 303
    assert (shop.count("SELECT state FROM orders"), shop.count(FREE)) == ("cancelled", free)
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'cancellation.create'") == 1
    assert shop.count("SELECT placed_unpaid FROM figure") == 1
    text = olga.get(order).text
    assert "the buyer asked" in text
    assert page not in text
    # The payment was open all the time.
    assert shop.pay(placed) is Verdict.ACCEPTED
    assert (shop.count("SELECT state FROM orders"), shop.count(FREE)) == ("paid", free - 3)
    answer = olga.post(act, {"reason": "again"}, page=order)
    assert answer.status_code == 422
    assert shop.count("SELECT state FROM orders") == "paid"
