"""Many buyers at once against the real server: no code is sold twice, none is lost, and nobody sees a fault."""

import pytest

from app.db import transaction
from tests.load.buyer import Buyer, all_at_once

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.xdist_group("load")]
SOLD_OUT = "Sold out: there are not enough left of this."


@pytest.fixture(autouse=True)
def hundred(shop):
    transaction(shop.product, "rush", codes=100)


@pytest.fixture
def crowd(server):
    buyers = [Buyer(server.base, number) for number in range(500)]
    yield buyers
    for buyer in buyers:
        buyer.close()


def test_five_hundred_orders_at_once_for_one_hundred_codes(shop, crowd):
    forms = all_at_once([lambda buyer=buyer: buyer.form("rush") for buyer in crowd], threads=16)
    sending = [lambda buyer=buyer, form=form: buyer.order(form) for buyer, form in zip(crowd, forms, strict=True)]
    answers = all_at_once(sending, threads=500)
    placed = [answer for answer in answers if answer.status == 303]
    refused = [answer for answer in answers if answer.status == 409 and SOLD_OUT in answer.text]
    assert (len(placed), len(refused)) == (100, 400), sorted({answer.status for answer in answers})
    assert len({answer.location for answer in placed}) == 100
    assert shop.count("SELECT count(*) FROM orders") == 100
    assert shop.count("SELECT count(*) FROM card WHERE state = 'reserved'") == 100
