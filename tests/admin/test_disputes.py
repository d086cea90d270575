"""Disputes on the merchant's desk: to answer, to agree with the buyer, and to note what the provider decided."""

from io import BytesIO

import pytest

from app import trade
from app.db import transaction
from tests.admin.conftest import read_form
from tests.conftest import NOW
from tests.shop import Person
from tests.trade.disputing import judge, picture

PAGE = "/admin/disputes"


@pytest.fixture
def opened(shop, olga):
    placed = shop.buy(Person("clara@example.com"))
    return transaction(
        trade.complain, shop.order_id(placed), claim="It is used up.", wanted_fen=9000, actor="buyer", now=NOW
    )


def step(olga, number, what, **changes):
    return olga.post(f"{PAGE}/{number}/steps", {"step": what} | changes, page=f"{PAGE}/{number}")


def shown_and_done(olga, number, what, **changes):
    """Look at the figures, and press the button beneath them twice."""
    page = f"{PAGE}/{number}"
    shown = olga.post(f"{page}/effects", {"step": what} | changes, page=page)
    form = read_form(shown.text, f"{page}/steps")
    answers = [olga.post(f"{page}/steps", form) for _ in range(2)]
    return [answer.status_code for answer in answers]


def refunded(shop):
    return shop.count("SELECT coalesce(sum(amount_fen), 0) FROM refund")


def test_the_list_names_it_and_says_that_nobody_can_decide(shop, olga, opened):
    text = olga.get(PAGE).text
    assert opened in text
    assert "/admin/people" in text
    judge(shop)
    assert "/admin/people" not in olga.get(PAGE).text.split('id="main"')[1]
    assert opened in olga.get(f"{PAGE}?state=open").text
    assert opened not in olga.get(f"{PAGE}?state=final").text
    order = shop.count("SELECT number FROM orders")
    for query, is_there in (
        (f"q={opened.lower()}", True),
        (f"q={order}&state=open", True),
        ("q=X", False),
        (f"q={order}&state=final", False),
    ):
        assert (f"{PAGE}/{opened}" in olga.get(f"{PAGE}?{query}").text) is is_there, query


def test_the_order_says_that_it_is_disputed(shop, olga, opened):
    number = shop.count("SELECT number FROM orders")
    assert f"{PAGE}/{opened}" in olga.get(f"/admin/orders/{number}").text


def test_the_first_page_says_what_waits_for_an_answer(shop, olga, opened):
    assert f"{PAGE}/{opened}" in olga.get("/admin").text
    step(olga, opened, "speak", words="It works.")
    assert f"{PAGE}/{opened}" not in olga.get("/admin").text


def test_to_answer_with_a_picture(shop, olga, opened):
    answer = step(olga, opened, "speak", words="It works.", picture=(BytesIO(picture()), "x.png"))
    assert answer.status_code == 303
    assert shop.count("SELECT state FROM dispute") == "evidence"
    number = shop.count("SELECT number FROM evidence")
    assert olga.get(f"{PAGE}/{opened}/pictures/{number}").status_code == 200
    assert olga.get(f"{PAGE}/{opened}/pictures/NOTHING").status_code == 404


@pytest.mark.parametrize(
    ("what", "changes", "fen"),
    [("offer", {"amount": "20.00"}, 0), ("concede", {}, 9000)],
)
def test_to_end_it(shop, olga, opened, what, changes, fen):
    # One tap without the figures ends nothing.
    assert what == "offer" or step(olga, opened, what, **changes).status_code == 409
    assert refunded(shop) == 0
    assert shown_and_done(olga, opened, what, **changes) == [303, 409 if fen else 303]
    assert refunded(shop) == fen
    assert olga.get(f"{PAGE}/{opened}").status_code == 200


@pytest.mark.parametrize(("what", "amount"), [("offer", "0"), ("offer", ""), ("offer", "100.01")])
def test_an_amount_that_cannot_be(shop, olga, opened, what, amount):
    assert step(olga, opened, what, amount=amount, words="CB-1").status_code == 422
    assert shop.count("SELECT offer_fen FROM dispute") is None


@pytest.mark.parametrize("what", ["withdraw", "agree", "decide"])
def test_the_shop_takes_no_step_of_the_buyer(shop, olga, opened, what):
    assert step(olga, opened, what, seen_fen="0").status_code == 400
    assert shop.count("SELECT state FROM dispute") == "open"


def test_to_note_a_chargeback_and_its_outcome(shop, olga):
    placed = shop.buy(Person("clara@example.com"))
    page = f"/admin/orders/{placed.number}/chargebacks"
    assert olga.post(page, {"words": "Not authorised", "amount": "100.01"}, page=f"{page}/new").status_code == 422
    answer = olga.post(page, {"words": "Not authorised", "amount": "100.00"}, page=f"{page}/new")
    assert answer.status_code == 303
    number = answer.location.rpartition("/")[2]
    assert step(olga, number, "concede").status_code == 422
    assert shown_and_done(olga, number, "outcome", amount="0", words="won") == [303, 409]
    assert shop.count("SELECT decision FROM dispute") == "seller"
    assert refunded(shop) == 0
