"""The journey by plain forms: an order is placed, paid and opened; and what a stranger may try on the way."""

import re

import pytest

from app import orders
from app.db import db, transaction
from tests.shop import Person
from tests.visitor import Visitor

PAGE = "/p/ps"


def order_form(visitor, **changes):
    page = visitor.get(PAGE).get_data(as_text=True)
    names = ("csrf_token", "sku", "key", "seen_price_fen")
    data = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1) for name in names}
    return data | {"quantity": "1", "contact": "boris@example.com", "gateway": "sandbox:alipay"} | changes


def place(visitor, **changes):
    return visitor._send("POST", "/orders", data=order_form(visitor, **changes))


def pending(shop):
    return shop.count("SELECT count(*) FROM orders")


def reserved(shop):
    return shop.count("SELECT count(*) FROM card WHERE state <> 'available'")


def test_it_leads_from_the_form_to_the_goods_without_javascript(shop, visitor):
    answer = place(visitor)
    assert answer.status_code == 303
    assert re.fullmatch(r"/orders/[0-9A-Z]{16}", answer.location)
    payment = visitor.get(answer.location, follow_redirects=True)
    assert "¥" in payment.text
    link = re.search(r'href="[^"]*(/sandbox/payments\?[^"]+)"', payment.text).group(1).replace("&amp;", "&")
    page = visitor.get(link)
    query = re.search(r'name="query"[^>]*value="([^"]*)"', page.text).group(1).replace("&amp;", "&")
    paid = visitor.post("/sandbox/payments", {"query": query, "action": "pay"}, page=link)
    assert paid.status_code == 303
    goods = visitor.get(paid.location, follow_redirects=True)
    assert "PS-00000" in goods.text
    text = visitor.get(f"{answer.location}/goods.txt")
    assert text.text == "PS-00000\n"
    assert "attachment" in text.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "1.5", "1000000000", "1 OR 1=1", "１", " 1 ", "1_0", "+1", "0x1", "1\n", ""]
)
def test_it_takes_whole_quantities_in_one_spelling_only(shop, visitor, quantity):
    """O02, I11."""
    answer = place(visitor, quantity=quantity)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert (pending(shop), reserved(shop)) == (0, 0)


def test_it_ignores_every_price_that_the_form_sends(shop, visitor):
    """O01, Z03."""
    tampered = {
        "price": "1",
        "price_fen": "1",
        "total": "1",
        "total_fen": "1",
        "discount_fen": "9999",
        "currency": "USD",
    }
    assert place(visitor, **tampered, user_id="1", status="paid", state="paid").status_code == 303
    assert shop.count("SELECT total_fen FROM orders") == 10000
    assert shop.count("SELECT currency || state FROM orders") == "CNYpending"


def test_it_says_the_new_price_in_place_of_charging_it_silently(shop, visitor):
    """O03."""
    answer = place(visitor, seen_price_fen="9000")
    assert answer.status_code == 422
    assert "100.00" in answer.text
    assert pending(shop) == 0


def test_it_places_one_order_for_two_clicks_and_refuses_another_body(shop, visitor):
    """O04."""
    form = order_form(visitor)
    first = visitor._send("POST", "/orders", data=form)
    second = visitor._send("POST", "/orders", data=form)
    assert first.location == second.location
    assert pending(shop) == 1
    assert visitor._send("POST", "/orders", data=form | {"quantity": "2"}).status_code == 409
    assert pending(shop) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"contact": "not a contact"}, 422),
        ({"contact": ""}, 422),
        ({"gateway": "gone:alipay"}, 422),
        ({"gateway": "sandbox:wxpay"}, 422),
        ({"gateway": ""}, 422),
        ({"quantity": "11"}, 422),
        ({"sku": "nothing"}, 404),
        ({"csrf_token": ""}, 400),
    ],
)
def test_it_refuses_clearly_and_reserves_nothing(shop, visitor, changes, status):
    answer = place(visitor, **changes)
    assert answer.status_code == status
    assert (pending(shop), reserved(shop)) == (0, 0)


def test_it_says_sold_out_when_somebody_was_quicker(shop, visitor):
    form = order_form(visitor)
    for number in range(2):
        shop.place(Person(f"p{number}@example.com"), quantity=10, address=f"192.0.2.{number}")
    answer = visitor._send("POST", "/orders", data=form)
    assert answer.status_code == 409
    assert "sold-out" in visitor.get(PAGE).text or 'name="sku"' not in visitor.get(PAGE).text
    assert pending(shop) == 2


def test_it_shows_nothing_for_a_number_or_a_contact_alone(shop, visitor, app):
    """O08, O09, Z02, lessons: a secret opens an order, and nothing else does."""
    mine = place(visitor).location
    other = shop.buy(Person("clara@example.com"))
    stranger = Visitor(app, address="192.0.2.99")
    for path in ("", "/payment", "/status", "/goods.txt"):
        assert stranger.get(mine + path).status_code == 404
        assert visitor.get(f"/orders/{other.number}{path}").status_code == 404
    assert stranger.get(f"{mine}?key={other.secret}").status_code == 404
    assert "PS-0" not in stranger.get("/orders?contact=boris@example.com").text


def test_guessing_numbers_runs_into_a_limit_and_leaks_nothing(shop, app):
    """O08."""
    placed = shop.buy(Person("clara@example.com"))
    stranger = Visitor(app, address="192.0.2.98")
    answers = [stranger.get(f"/orders/{number:016d}").status_code for number in range(12)]
    assert answers[:10] == [404] * 10
    assert answers[10:] == [429] * 2
    assert stranger.get(f"/orders/{placed.number}").status_code == 429
    holder = Visitor(app, address="192.0.2.97")
    assert holder.get(f"/orders/{placed.number}?key={placed.secret}", follow_redirects=True).status_code == 200


def test_the_secret_leaves_the_address_at_the_first_visit(shop, app):
    placed = shop.buy(Person("clara@example.com"))
    visitor = Visitor(app)
    answer = visitor.get(f"/orders/{placed.number}?key={placed.secret}")
    assert answer.location == f"/orders/{placed.number}"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "HttpOnly" in next(cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("orders="))
    assert "PS-00000" in visitor.get(answer.location).text


def test_an_order_is_opened_elsewhere_by_number_and_key_together(shop, app):
    placed = shop.buy(Person("clara@example.com"))
    visitor = Visitor(app)
    wrong = visitor.post("/orders/lookups", {"number": placed.number, "secret": "x" * 32}, page="/orders")
    assert wrong.status_code == 422
    right = visitor.post("/orders/lookups", {"number": placed.number, "secret": placed.secret}, page="/orders")
    assert right.location == f"/orders/{placed.number}"


def test_the_whole_kept_link_may_be_pasted_in_place_of_the_key(shop, app):
    placed = shop.buy(Person("clara@example.com"))
    pasted = f" http://localhost/orders/{placed.number}?key={placed.secret} "
    answer = Visitor(app).post("/orders/lookups", {"number": "mine", "secret": pasted}, page="/orders")
    assert answer.location == f"/orders/{placed.number}"


def test_wrong_keys_are_few(shop, app):
    placed = shop.buy(Person("clara@example.com"))
    visitor = Visitor(app, address="192.0.2.96")
    token = visitor.token("/orders")
    codes = [
        visitor._send(
            "POST", "/orders/lookups", data={"csrf_token": token, "number": placed.number, "secret": f"{n}" * 32}
        )
        for n in range(6)
    ]
    assert [answer.status_code for answer in codes] == [422] * 5 + [429]
    assert int(codes[-1].headers["Retry-After"]) > 0


def test_a_return_before_the_callback_waits_and_pays_nothing(shop, visitor):
    """C25."""
    path = place(visitor).location
    for query in ("trade_status=TRADE_SUCCESS&money=100.00&sign=" + "0" * 32, "anything=1", ""):
        answer = visitor.get(f"{path}/payment/return?{query}", follow_redirects=True)
        assert answer.status_code == 200
        assert answer.request.path == f"{path}/payment"
    assert shop.count("SELECT state FROM orders") == "pending"


def test_a_return_with_the_providers_signature_is_as_good_as_the_callback(shop, visitor, app):
    path = place(visitor).location
    number = shop.count("SELECT number FROM payment")
    placed = orders.find_opened(db.session, path[-16:], secret=None, account_id=None)
    assert placed is None
    signed = shop.notice(type("P", (), {"payment_number": number, "number": path[-16:]})())
    elsewhere = Visitor(app, address="192.0.2.95")
    answer = elsewhere.get(f"{path}/payment/return?{signed}")
    assert answer.status_code == 200
    assert "PS-0" not in answer.text
    assert "PS-00000" in visitor.get(path).text


def test_the_buyer_gets_the_secret_although_the_payment_cannot_be_started(shop, visitor):
    """The order stands and its code is reserved: an answer without the cookie would lose both for the buyer."""
    form = order_form(visitor)
    fault = "CREATE TRIGGER refuse BEFORE UPDATE OF pay_url ON payment BEGIN SELECT RAISE(ABORT, 'not now'); END"
    transaction(lambda tx: tx.exec_driver_sql(fault))
    answer = visitor._send("POST", "/orders", data=form)
    assert answer.status_code == 303
    assert (pending(shop), reserved(shop)) == (1, 1)
    transaction(lambda tx: tx.exec_driver_sql("DROP TRIGGER refuse"))
    payment = f"{answer.location}/payment"
    assert f'action="{payment}"' in visitor.get(payment).text
    assert visitor.post(payment, page=payment).status_code == 303
    assert "/sandbox/payments?" in visitor.get(payment).text
