"""To pay into the merchant's own account, as the buyer sees it: the picture, "I have paid", and what the shop made of it."""

from io import BytesIO

import pytest
from PIL import Image

from app import clock, trade
from app.clock import HOUR, MINUTE
from app.db import db, transaction
from tests.by_hand import HOLDER, open_channel
from tests.conftest import NOW
from tests.shop import Person
from tests.visitor import Visitor

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")


@pytest.fixture
def placed(shop, visitor):
    open_channel(shop, instructions="请备注：无\n中国银行 6217 0000")
    placed = shop.place(CLARA, channel="manual")
    visitor.get(f"/orders/{placed.number}?key={placed.secret}")
    return placed


@pytest.fixture
def page(placed):
    return f"/orders/{placed.number}/payment"


def say(visitor, page, digits="1234"):
    return visitor.post(f"{page}/claim", {"digits": digits})


def claims(shop):
    return shop.count("SELECT count(*) FROM payment_claim")


def test_a_buyer_orders_by_the_page_and_sees_amount_name_words_and_code(shop, visitor):
    open_channel(shop, instructions="中国银行 6217 0000")
    token = visitor.token("/p/ps")
    form = {
        "csrf_token": token,
        "sku": shop.sku(),
        "quantity": "1",
        "contact": CLARA.contact,
        "gateway": "manual:alipay",
    }
    answer = visitor.post("/orders", form)
    assert answer.status_code == 303
    text = visitor.get(visitor.get(answer.location).location).text
    for words in (
        '</span>100<span class="money-cents">.00',
        HOLDER,
        "中国银行 6217 0000",
        "/payment/code",
        "/payment/claim",
    ):
        assert words in text


def test_the_code_is_a_picture_for_whoever_holds_the_order_and_no_cache(shop, visitor, page, app):
    answer = visitor.get(f"{page}/code")
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, no-store"
    with Image.open(BytesIO(answer.data)) as picture:
        assert picture.format == "JPEG"
    stranger = Visitor(app, address="198.51.100.9")
    assert stranger.get(f"{page}/code").status_code == 404
    assert stranger.post(f"{page}/claim", {"digits": "1234"}).status_code == 404
    assert claims(shop) == 0


def test_who_says_that_they_paid_sees_that_the_shop_looks_until_it_has_looked(shop, visitor, page, placed):
    answer = say(visitor, page)
    assert (answer.status_code, answer.location) == (303, page)
    for path in (page, f"/orders/{placed.number}/status"):
        text = visitor.get(path).text
        assert "1234" in text
        assert "hx-get" in text
    shown = visitor.get(page).text
    # The code is gone, so that nobody pays twice, and so is the form.
    assert f"{page}/code" not in shown
    assert f"{page}/claim" not in shown
    with clock.frozen(NOW + HOUR):
        transaction(trade.expire, NOW + HOUR)
        assert "1234" in visitor.get(page).text
    claim_id = shop.count("SELECT id FROM payment_claim")
    told = {"reference": "20261123", "actor": "account:1", "address": "", "request_id": "", "now": NOW}
    transaction(trade.confirm_vouched, claim_id, **told)
    answer = visitor.get(f"/orders/{placed.number}/status")
    assert (answer.status_code, answer.location) == (303, f"/orders/{placed.number}")
    assert "PS-0000" in visitor.get(f"/orders/{placed.number}").text
    assert visitor.get(f"{page}/code").status_code == 404


def test_what_the_merchant_did_not_find_is_told_with_the_reason_and_is_inert(shop, visitor, page, placed):
    say(visitor, page)
    told = {"reason": "<img src=x onerror=alert(1)>", "order_seconds": 15 * MINUTE, "actor": "account:1", "now": NOW}
    transaction(trade.refuse_vouched, shop.count("SELECT id FROM payment_claim"), **told)
    for path in (page, f"/orders/{placed.number}/status"):
        text = visitor.get(path).text
        assert "&lt;img src=x onerror=alert(1)&gt;" in text
        assert "<img src=x" not in text
    shown = visitor.get(page).text
    assert f"{page}/claim" not in shown
    assert f"{page}/code" not in shown
    with clock.frozen(NOW + HOUR):
        transaction(trade.expire, NOW + HOUR)
        answer = visitor.get(f"/orders/{placed.number}")
        assert (answer.status_code, answer.location) == (303, page)
        assert "&lt;img src=x" in visitor.get(page).text


@pytest.mark.parametrize("digits", ["", "123", "1234567", "１２３４", "<b>12", "12 34", "12\x0034"])
def test_what_is_no_end_of_a_number_is_refused_beside_the_field(shop, visitor, page, digits):
    answer = say(visitor, page, digits)
    assert (answer.status_code, 'id="digits-error"' in answer.text) == (422, True)
    assert claims(shop) == 0


def test_the_words_of_the_merchant_are_inert(shop, visitor):
    open_channel(shop, instructions="<script>alert(1)</script>", holder='"><svg onload=alert(1)>')
    placed = shop.place(CLARA, channel="manual")
    visitor.get(f"/orders/{placed.number}?key={placed.secret}")
    text = visitor.get(f"/orders/{placed.number}/payment").text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert "<svg onload" not in text


def test_it_is_said_once_and_with_a_token(shop, visitor, page):
    assert visitor._send("POST", f"{page}/claim", data={"digits": "1234"}).status_code == 400
    assert visitor.get(f"{page}/claim").status_code == 405
    assert say(visitor, page).status_code == 303
    answer = say(visitor, page, "9999")
    assert (answer.status_code, claims(shop)) == (422, 1)
    assert shop.count("SELECT digits FROM payment_claim") == "1234"


def test_saying_so_ever_again_is_slowed_down(visitor, page):
    codes = [say(visitor, page, "").status_code for _ in range(11)]
    assert (set(codes[:10]), codes[10]) == ({422}, 429)


def test_a_paid_order_has_nothing_to_claim_and_another_gateway_never_has(shop, visitor, page, placed):
    say(visitor, page)
    told = {"reference": "20261123", "actor": "account:1", "address": "", "request_id": "", "now": NOW}
    transaction(trade.confirm_vouched, shop.count("SELECT id FROM payment_claim"), **told)
    assert visitor.post(f"{page}/claim", {"digits": "5678"}).status_code == 404
    other = shop.place(Person("mia@example.com"), address="192.0.2.9")
    visitor.get(f"/orders/{other.number}?key={other.secret}")
    assert visitor.get(f"/orders/{other.number}/payment/code").status_code == 404
    assert visitor.post(f"/orders/{other.number}/payment/claim", {"digits": "5678"}).status_code == 404
    assert claims(shop) == 1


def test_who_comes_back_too_late_can_still_say_so(shop, visitor, page, placed):
    with clock.frozen(NOW + HOUR):
        transaction(trade.expire, NOW + HOUR)
        answer = visitor.get(f"/orders/{placed.number}")
        assert (answer.status_code, answer.location) == (303, page)
        assert say(visitor, page).status_code == 303
        assert "1234" in visitor.get(page).text
    assert shop.count("SELECT state FROM orders") == "expired"
    with clock.frozen(NOW + 25 * HOUR):
        db.session.rollback()
        assert say(visitor, page, "5678").status_code == 422


def test_nobody_calls_back_for_a_receiving_code(shop, visitor, placed):
    query = f"out_trade_no={placed.payment_number}&trade_status=TRADE_SUCCESS&money=100.00"
    for answer in (
        visitor.get(f"/hooks/payments/manual?{query}"),
        visitor._send("POST", "/hooks/payments/manual", data=query),
    ):
        assert answer.status_code == 404
    visitor.get(f"/orders/{placed.number}/payment/return?{query}")
    assert shop.count("SELECT state FROM orders") == "pending"
    assert shop.count("SELECT count(*) FROM notice WHERE verdict = 'accepted'") == 0


def test_who_chose_a_way_without_picture_all_the_same_is_told_to_take_another(shop, visitor):
    open_channel(shop, code=None)
    placed = shop.place(CLARA, channel="manual")
    visitor.get(f"/orders/{placed.number}?key={placed.secret}")
    text = visitor.get(f"/orders/{placed.number}/payment", headers={"Accept-Language": "en"}).text
    assert "/payment/code" not in text
    assert visitor.get(f"/orders/{placed.number}/payment/code").status_code == 404
    assert "sandbox:alipay" in text


def test_a_way_without_picture_and_without_words_is_not_offered(shop, visitor):
    open_channel(shop)
    text = visitor.get("/p/ps").text
    assert "manual:alipay" in text
    assert "manual:wxpay" not in text
    open_channel(shop, slug="bare", code=None)
    open_channel(shop, slug="words", code=None, instructions="中国银行 6217", methods=["bank"])
    text = visitor.get("/p/ps").text
    assert "bare:" not in text
    assert "words:bank" in text
