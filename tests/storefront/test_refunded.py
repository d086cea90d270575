"""The buyer's page of an order that goes back."""

import pytest

from app import trade
from app.db import transaction
from tests.shop import PRICE_FEN, Person


@pytest.mark.parametrize("way", ["hand", "gateway"])
def test_it_is_refunded_only_when_the_money_left(shop, visitor, way):
    placed = shop.buy(Person("boris@example.com"))
    page = f"/orders/{placed.number}?lang=en"
    visitor.get(f"{page}&key={placed.secret}")
    refund_id = shop.refund(placed, PRICE_FEN, way=way, done=False)
    text = visitor.get(page).text
    assert ("A refund is under way" in text, "This order was refunded" in text) == (True, False)
    transaction(trade.settle_refund, refund_id, state="done", reference="R1", now=shop.now)
    text = visitor.get(page).text
    assert ("A refund is under way" in text, "This order was refunded" in text) == (False, True)
