"""Many buyers at once against the real server: no code is sold twice, none is lost, and nobody sees a fault."""

import re
import time
from functools import partial

import pytest

from app.db import transaction
from tests.load.buyer import Buyer, all_at_once
from tests.load.gateway import call, callback, callbacks, settings_of

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.xdist_group("load")]
SOLD_OUT = "Sold out: there are not enough left of this."
SOLD_OUT_PAGE = "Sold out at the moment."


@pytest.fixture
def crowd(server):
    buyers = [Buyer(server.base, number) for number in range(500)]
    yield buyers
    for buyer in buyers:
        buyer.close()


def test_five_hundred_orders_at_once_for_one_hundred_codes(shop, crowd):
    transaction(shop.product, "rush", codes=100)
    forms = all_at_once([partial(buyer.form, "rush") for buyer in crowd], threads=16)
    sending = [partial(buyer.order, form) for buyer, form in zip(crowd, forms, strict=True)]
    answers = all_at_once(sending, threads=500)
    placed = [answer for answer in answers if answer.status == 303]
    refused = [answer for answer in answers if answer.status == 409 and SOLD_OUT in answer.text]
    assert (len(placed), len(refused)) == (100, 400), sorted({answer.status for answer in answers})
    assert len({answer.location for answer in placed}) == 100
    assert shop.count("SELECT count(*) FROM orders") == 100
    assert shop.count("SELECT count(*) FROM card WHERE state = 'reserved'") == 100


def test_two_hundred_orders_are_paid_by_five_copies_of_a_callback(shop, server, crowd):
    """One delivery and two commissions each, and `success` for every copy."""
    first = shop.member("first@example.com")
    second = shop.member("second@example.com", via=first)
    invite = shop.cookie(second, now=int(time.time()))
    transaction(shop.product, "flood", codes=200)
    buyers = crowd[:200]
    for buyer in buyers:
        buyer.cookies["inv"] = invite
    placed = all_at_once([lambda buyer=buyer: buyer.order(buyer.form("flood")) for buyer in buyers], threads=16)
    assert {answer.status for answer in placed} == {303}
    copies = [path for path in callbacks(shop) for _ in range(5)]
    answers = all_at_once([partial(call, server.base, path) for path in copies], threads=40)
    assert (len(answers), set(answers)) == (1000, {(200, "success")})
    assert shop.count("SELECT count(*) FROM orders WHERE delivered_at IS NOT NULL") == 200
    assert shop.count("SELECT count(DISTINCT code_index) FROM card WHERE state = 'sold'") == 200
    assert shop.count("SELECT count(*) FROM commission WHERE level = 1") == 200
    assert shop.count("SELECT count(*) FROM commission WHERE level = 2") == 200


def test_eight_clients_buy_forty_times_each_and_pay_at_once(shop, server):
    """K09."""
    transaction(shop.product, "kiosk", codes=100)
    settings = settings_of(shop)
    buying = [partial(buy_again_and_again, server, settings, client) for client in range(8)]
    answers = [answer for answers in all_at_once(buying, threads=8) for answer in answers]
    codes = [answer for answer in answers if answer.startswith("KIOSK-")]
    assert (len(codes), len(set(codes)), answers.count("sold out")) == (100, 100, 220), set(answers) - set(codes)
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 100


def buy_again_and_again(server, settings, client):
    answers = []
    for number in range(client * 40, client * 40 + 40):
        buyer = Buyer(server.base, number)
        try:
            answers.append(buy(server, settings, buyer))
        finally:
            buyer.close()
    return answers


def buy(server, settings, buyer):
    """The code that was bought, "sold out", or what else the shop answered."""
    page = buyer.send("GET", "/p/kiosk")
    if page.status == 200 and SOLD_OUT_PAGE in page.text:
        return "sold out"
    order = buyer.order(buyer.fill(page))
    if order.status == 409 and SOLD_OUT in order.text:
        return "sold out"
    if order.status != 303:
        return f"{order.status} {order.text}"
    waiting = buyer.send("GET", f"{order.location}/payment")
    number = re.search(r"out_trade_no=(\w+)", waiting.text).group(1)
    paid = call(server.base, callback(settings, number))
    goods = buyer.send("GET", f"{order.location}/goods.txt")
    return goods.text.strip() if paid == (200, "success") and goods.status == 200 else f"{paid} {goods.status}"
