"""Placing an order: the price is the shop's, the cards are reserved whole, and a refusal leaves nothing behind."""

from collections import Counter
from dataclasses import replace

import pytest

from app import accounts, catalog, payments, stock, trade
from app.accounts import BadContact, read_contact
from app.db import transaction
from app.errors import Refusal
from app.orders import TooManyUnpaid
from app.payments import Verdict
from tests.crowd import at_once
from tests.shop import ADDRESS, PRICE_FEN, Person

pytestmark = pytest.mark.both_databases


def wish(shop, **changes):
    plain = trade.Wish(shop.sku(), 1, read_contact("clara@example.com"), "sandbox", "alipay", "key-1", PRICE_FEN)
    return replace(plain, **changes)


def place(shop, wish, address=ADDRESS):
    return transaction(trade.place, wish, trade.Visitor(address), shop.settings, shop.now)


def left_behind(shop):
    tables = ("orders", "order_line", "payment", "attribution", "node")
    counts = {name: shop.count(f"SELECT count(*) FROM {name}") for name in tables}
    counts["reserved"] = shop.count("SELECT count(*) FROM card WHERE state <> 'available' OR order_id IS NOT NULL")
    return {name: count for name, count in counts.items() if count}


def switch_off(shop):
    settings: dict[str, str] = {}
    transaction(payments.change_channel, "sandbox", name="测试", settings=settings, enabled=False)


def change_price(shop):
    limits = {"min_quantity": 1, "max_quantity": 10, "cost_fen": None}
    transaction(catalog.update_product, shop.product_id, title="教程", price_fen=9900, **limits)


def take_down(shop):
    transaction(catalog.unpublish, shop.product_id)


@pytest.mark.parametrize(
    ("before", "changes", "error", "field"),
    [
        (None, {"quantity": 0}, Refusal, "quantity"),
        (None, {"quantity": -1}, Refusal, "quantity"),
        (None, {"quantity": 11}, Refusal, "quantity"),
        (None, {"quantity": 10**9}, Refusal, "quantity"),
        (None, {"seen_price_fen": 1}, Refusal, "quantity"),
        (None, {"sku_code": "no such thing"}, catalog.NotOnSale, None),
        (None, {"channel_slug": "no such channel"}, Refusal, "gateway"),
        (None, {"method": "wxpay"}, Refusal, "gateway"),
        (switch_off, {}, Refusal, "gateway"),
        (change_price, {}, Refusal, "quantity"),
        (take_down, {}, catalog.NotOnSale, None),
    ],
)
def test_it_refuses_beside_the_field_and_leaves_nothing_behind(shop, before, changes, error, field):
    """O02, O03: limits, a price that changed meanwhile, a way to pay that is gone, a product that is gone."""
    asked = wish(shop, **changes)
    if before:
        before(shop)
    with pytest.raises(error) as refusal:
        place(shop, asked)
    assert refusal.value.field == field
    assert left_behind(shop) == {}


def test_it_names_the_new_price(shop):
    """O03."""
    asked = wish(shop)
    change_price(shop)
    with pytest.raises(Refusal, match="99.00"):
        place(shop, asked)
    assert place(shop, replace(asked, seen_price_fen=9900))
    assert shop.count("SELECT total_fen FROM orders") == 9900


def test_it_charges_the_price_of_the_shop_for_each(shop):
    """O01: an order knows no price but the product's."""
    place(shop, wish(shop, quantity=3, seen_price_fen=None))
    assert shop.count("SELECT total_fen FROM orders") == 3 * PRICE_FEN
    assert shop.count("SELECT amount_fen FROM payment") == 3 * PRICE_FEN
    assert shop.count("SELECT count(*) FROM card WHERE state = 'reserved'") == 3


@pytest.mark.parametrize(
    "contact", ["", "clara", "clara@", "a@b", "+1", "clara@example.com\nBcc: x@y.com", "12345", "x" * 300]
)
def test_it_takes_no_contact_that_nobody_could_be_reached_at(shop, contact):
    with pytest.raises(BadContact) as refusal:
        place(shop, wish(shop, contact=read_contact(contact)))
    assert refusal.value.field == "contact"
    assert left_behind(shop) == {}


@pytest.mark.parametrize("quantity", [3, 10])
def test_it_reserves_all_or_nothing(shop, quantity):
    """K03."""
    transaction(shop.product, "rare", codes=2)
    asked = wish(shop, sku_code=shop.sku("rare"), quantity=quantity)
    with pytest.raises(stock.SoldOut) as refusal:
        place(shop, asked)
    assert (refusal.value.status, refusal.value.field) == (409, "quantity")
    assert left_behind(shop) == {}
    place(shop, replace(asked, quantity=2))
    assert left_behind(shop)["reserved"] == 2


def test_it_places_one_order_for_one_form_sent_many_times_at_once(app, shop):
    """O04."""
    asked, settings = wish(shop), shop.settings
    visitor = trade.Visitor(ADDRESS)
    answers = at_once(app, [lambda: transaction(trade.place, asked, visitor, settings, shop.now)] * 12)
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    assert errors == []
    assert len({(answer.number, answer.secret) for answer in answers}) == 1
    assert Counter(answer.repeated for answer in answers) == {False: 1, True: 11}
    assert left_behind(shop) == {"orders": 1, "order_line": 1, "payment": 1, "attribution": 1, "reserved": 1}


@pytest.mark.parametrize(
    "changes", [{"quantity": 2}, {"sku_code": "other"}, {"contact": "dora@example.com"}, {"method": None}]
)
def test_it_refuses_another_order_under_the_same_key(shop, changes):
    """O04."""
    place(shop, wish(shop))
    before = left_behind(shop)
    if "contact" in changes:
        changes = {"contact": read_contact(changes["contact"])}
    with pytest.raises(Refusal) as refusal:
        place(shop, wish(shop, **changes))
    assert refusal.value.status == 409
    assert left_behind(shop) == before


def test_it_sells_the_last_code_to_one_of_fifty(app, shop):
    """K01: one delivery; forty-nine are told before they pay."""
    transaction(shop.product, "rare", codes=1)
    sku, settings, channel = shop.sku("rare"), shop.settings, shop.channel

    def buy(number):
        asked = wish(shop, sku_code=sku, contact=read_contact(f"p{number}@example.com"), key=None)
        placed = transaction(trade.place, asked, trade.Visitor(f"192.0.2.{number}"), settings, shop.now)
        return shop.deliver(shop.notice(placed, trade_number=f"T{number}"), channel)

    outcomes = at_once(app, [lambda number=number: buy(number) for number in range(50)])
    assert outcomes.count(Verdict.ACCEPTED) == 1
    assert sum(isinstance(outcome, stock.SoldOut) for outcome in outcomes) == 49
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1
    assert shop.count("SELECT count(*) FROM orders") == 1


@pytest.mark.parametrize("same", ["contact", "address"])
def test_it_lets_nobody_lock_the_stock(app, shop, same):
    """K04: a hundred at once from one contact or one address; others can still buy."""
    sku, settings = shop.sku(), shop.settings

    def attempt(number):
        contact = "clara@example.com" if same == "contact" else f"p{number}@example.com"
        address = ADDRESS if same == "address" else f"198.51.100.{number}"
        asked = wish(shop, sku_code=sku, contact=read_contact(contact), key=None)
        return transaction(trade.place, asked, trade.Visitor(address), settings, shop.now)

    outcomes = at_once(app, [lambda number=number: attempt(number) for number in range(100)])
    assert sum(isinstance(outcome, trade.Placed) for outcome in outcomes) == 3
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(refusal, TooManyUnpaid) and refusal.status == 429 for refusal in refused)
    assert left_behind(shop)["reserved"] == 3
    assert shop.buy(Person("someone-else@example.com"), address="203.0.113.9")


def test_it_takes_back_what_expired_when_the_stock_is_asked_for(shop):
    transaction(shop.product, "rare", codes=1)
    first = place(shop, wish(shop, sku_code=shop.sku("rare"), key=None))
    shop.now += shop.settings.order_minutes * 60
    second = place(shop, wish(shop, sku_code=shop.sku("rare"), key=None))
    assert shop.count("SELECT state FROM orders WHERE number = :n", n=first.number) == "expired"
    assert shop.pay(second) is Verdict.ACCEPTED
    assert shop.pay(first) is Verdict.LATE


def test_it_gives_each_order_a_number_and_a_secret_of_its_own(shop):
    """O08: eighty random bits and more, never a counter."""
    placed = [
        place(shop, wish(shop, key=None, contact=read_contact(f"p{n}@example.com")), f"192.0.2.{n}") for n in range(9)
    ]
    assert len({order.number for order in placed}) == len({order.secret for order in placed}) == 9
    assert all(len(order.number) == 16 and len(order.secret) == 32 for order in placed)
    assert not any(order.secret in order.number or order.number[:8] == placed[0].number[:8] for order in placed[1:])
    assert accounts.read_contact("CLARA@example.com").index == read_contact("clara@example.com ").index
