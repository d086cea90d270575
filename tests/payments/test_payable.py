"""What a buyer has to pay through a channel: surcharge, bounds, devices, and amounts that tell payments apart."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import payments, trade
from app.accounts import read_contact
from app.db import db, transaction
from app.errors import Refusal
from app.payments import Terms, Verdict
from tests.payments.notices import KEY
from tests.shop import Person

pytestmark = pytest.mark.both_databases
DESK = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


@pytest.fixture
def change(shop):
    """Give the shop's channel other terms."""

    def act(slug="sandbox", **terms):
        transaction(
            payments.change_channel, slug, name="测试", settings={}, enabled=True, terms=payments.Terms(**terms)
        )

    return act


def amount(shop, placed):
    return shop.count("SELECT amount_fen FROM payment WHERE number = :number", number=placed.payment_number)


def balance(shop, account):
    return shop.count("SELECT amount_fen FROM balance WHERE account = :account", account=account) or 0


@pytest.mark.parametrize(("total_fen", "bps", "fen"), [(10000, 60, 60), (10000, 0, 0), (1, 60, 1), (333, 100, 4)])
def test_a_part_of_a_fen_of_the_surcharge_is_a_fen(total_fen, bps, fen):
    assert Terms(buyer_fee_bps=bps).surcharge_fen(total_fen) == fen


def test_the_buyer_pays_the_surcharge_and_nobody_earns_on_it(shop, change):
    change(buyer_fee_bps=60, fee_bps=60)
    boris = shop.member("boris@example.com")
    placed = shop.place(Person("clara@example.com"), via=boris)
    assert amount(shop, placed) == 10060
    assert shop.pay(placed, money="100.60") is Verdict.ACCEPTED
    assert (balance(shop, "income:sales"), balance(shop, "income:surcharge")) == (-10000, -60)
    assert balance(shop, "asset:gateway:sandbox") == 10060 - 61
    assert shop.wallet(boris).held_fen == 1000
    shop.refund(placed, 10000)
    assert balance(shop, "income:surcharge") == -60


def test_an_order_below_or_above_the_bounds_is_told_so(shop, change):
    for terms in ({"least_fen": 10001}, {"most_fen": 9999}):
        change(**terms)
        with pytest.raises(Refusal) as refusal:
            shop.place(Person("clara@example.com"))
        assert refusal.value.field == "gateway"
    change(least_fen=10000, most_fen=10000)
    assert amount(shop, shop.place(Person("clara@example.com"))) == 10000


def test_no_two_open_payments_ask_for_the_same(shop, change):
    change(unique_amounts=True)
    transaction(shop.product, "more", codes=300)
    placed = [
        shop.place(Person(f"buyer{number}@example.com"), slug="more", address=f"192.0.2.{number}")
        for number in range(3)
    ]
    assert [amount(shop, one) for one in placed] == [10000, 9999, 9998]
    assert shop.pay(placed[1], money="99.99") is Verdict.ACCEPTED
    assert (balance(shop, "income:sales"), balance(shop, "income:surcharge")) == (-10000, 1)
    assert amount(shop, shop.place(Person("next@example.com"), slug="more", address="192.0.2.9")) == 9999
    shop.now += 86401
    assert amount(shop, shop.place(Person("late@example.com"), slug="more", address="192.0.2.8")) == 10000


def test_when_every_amount_is_taken_another_way_is_wanted(shop, change):
    change(unique_amounts=True)
    transaction(shop.product, "cheap", price_fen=2, codes=9)
    for number in range(2):
        shop.place(Person(f"buyer{number}@example.com"), slug="cheap", address=f"192.0.2.{number}")
    with pytest.raises(Refusal) as refusal:
        shop.place(Person("third@example.com"), slug="cheap", address="192.0.2.7")
    assert refusal.value.field == "gateway"


def test_two_who_ask_at_once_are_asked_for_different_amounts(app, shop, change):
    change(unique_amounts=True)
    transaction(shop.product, "more", codes=300)

    def place(number):
        with app.app_context():
            wish = trade.Wish(sku, 1, contacts[number], "sandbox")
            buyer = trade.Visitor(f"192.0.2.{number}", device_hash=b"d", account_id=None, invite_cookie=None)
            return transaction(trade.place, wish, buyer, settings, shop.now).payment_number

    sku, settings = shop.sku("more"), shop.settings
    contacts = [read_contact(f"buyer{number}@example.com") for number in range(8)]
    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(place, range(8)))
    assert len(set(numbers)) == 8
    assert shop.count("SELECT count(DISTINCT amount_fen) FROM payment") == 8


def test_it_is_offered_on_the_devices_that_it_is_for(shop, visitor, change):
    change(devices="mobile")
    assert "sandbox:alipay" in visitor.get("/p/ps").text
    assert "sandbox:alipay" not in visitor.get("/p/ps", headers=DESK).text
    change(devices="pc")
    assert "sandbox:alipay" not in visitor.get("/p/ps").text
    assert "sandbox:alipay" in visitor.get("/p/ps", headers=DESK).text


def test_the_page_names_the_fee_before_and_after(shop, visitor, change):
    change(buyer_fee_bps=60)
    page = visitor.get("/p/ps").text
    assert "0.6%" in page
    form = dict(re.findall(r'name="(sku|key|seen_price_fen|seen_discount_bps)"[^>]*value="([^"]*)"', page))
    form |= {"quantity": "1", "contact": "clara@example.com", "gateway": "sandbox:alipay"}
    answer = visitor.post("/orders", form)
    assert answer.status_code == 303
    text = visitor.get(f"{answer.location}/payment").text
    assert "其中" in text or "of it is the fee" in text
    assert "0.60" in text


def test_the_bounds_of_a_channel_are_in_order(shop):
    with pytest.raises(Refusal) as refusal:
        transaction(
            payments.create_channel,
            slug="second",
            gateway="sandbox",
            name="x",
            settings={"merchant_id": "1001", "key": KEY},
            enabled=True,
            terms=Terms(least_fen=2, most_fen=1),
            now=shop.now,
        )
    assert refusal.value.field == "most"
