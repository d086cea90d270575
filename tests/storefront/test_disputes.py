"""A buyer's dispute as its pages show it: without an account, with pictures, and for nobody else (I05, Z02)."""

from io import BytesIO

import pytest

from app import trade
from app.db import transaction
from tests.conftest import NOW
from tests.shop import Person
from tests.trade.disputing import judge, picture
from tests.visitor import Visitor


@pytest.fixture
def placed(shop, visitor):
    placed = shop.buy(Person("clara@example.com"))
    visitor.get(f"/orders/{placed.number}?key={placed.secret}")
    return placed


@pytest.fixture
def page(placed):
    return f"/orders/{placed.number}/dispute"


def opened(visitor, page, **changes):
    form = {"words": "The code is used up.", "amount": "100.00"} | changes
    return visitor.post(page, form)


def sent(visitor, path, data, *, token):
    """A form with a large file, as one body: the test client would keep it in a file that it does not close."""
    fields = {"csrf_token": token, "words": "x", "amount": "1.00"}
    parts = [
        f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()
    ]
    head = '--xx\r\nContent-Disposition: form-data; name="picture"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'
    body = "".join([*parts, head]).encode() + data + b"\r\n--xx--\r\n"
    return visitor._send("POST", path, data=body, content_type="multipart/form-data; boundary=xx")


def dispute_id(shop):
    return shop.count("SELECT id FROM dispute")


def test_a_guest_opens_a_dispute_from_the_order(shop, visitor, placed, page):
    assert page in visitor.get(f"/orders/{placed.number}").text
    assert opened(visitor, page).status_code == 303
    shown = visitor.get(page).text
    assert "The code is used up." in shown
    assert shop.count("SELECT state || ':' || wanted_fen FROM dispute") == "open:10000"
    assert "badge-held" in visitor.get(f"/orders/{placed.number}").text


@pytest.mark.parametrize(
    "changes",
    [{"words": ""}, {"words": " \x00 "}, {"amount": ""}, {"amount": "0"}, {"amount": "100.01"}, {"words": "x" * 2001}],
)
def test_what_is_wrong_in_the_form_is_said_beside_it(shop, visitor, page, changes):
    assert opened(visitor, page, **changes).status_code in (400, 422)
    assert shop.count("SELECT count(*) FROM dispute") == 0


def test_a_picture_goes_with_the_words_and_comes_back_written_anew(shop, visitor, page):
    answer = opened(visitor, page, picture=(BytesIO(picture()), "../../x.php.jpg"))
    assert answer.status_code == 303
    number = shop.count("SELECT number FROM evidence")
    sent = visitor.get(f"{page}/pictures/{number}")
    assert sent.status_code == 200
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{number}.jpg"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.content_type == "image/jpeg"
    assert sent.data[:3] == b"\xff\xd8\xff"
    assert f"{page}/pictures/{number}" in visitor.get(page).text


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<svg onload=alert(1)>", id="svg"),
        pytest.param(b"", id="empty"),
        pytest.param(picture()[:60], id="truncated"),
        pytest.param(b"PK\x03\x04", id="zip"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_is_opened(shop, visitor, page, data):
    assert opened(visitor, page, picture=(BytesIO(data), "x.jpg")).status_code == 422
    assert shop.count("SELECT count(*) FROM dispute") == shop.count("SELECT count(*) FROM evidence") == 0


def test_a_picture_may_be_5_mb_and_not_50(shop, visitor, page):
    token = visitor.token(page)
    large = picture() + bytes(4 * 1024 * 1024)
    assert sent(visitor, page, large, token=token).status_code == 303
    assert sent(visitor, page, bytes(50 * 1024 * 1024), token=token).status_code == 413


def test_elsewhere_a_megabyte_is_enough(visitor):
    assert sent(visitor, "/orders", bytes(2 * 1024 * 1024), token=visitor.token("/orders")).status_code == 413


def test_a_stranger_finds_nothing(shop, visitor, placed, page, app):
    opened(visitor, page, picture=(BytesIO(picture()), "x.png"))
    number = shop.count("SELECT number FROM evidence")
    stranger = Visitor(app, address="203.0.113.9")
    for path in (page, f"{page}/new", f"{page}/pictures/{number}"):
        assert stranger.get(path).status_code == 404
    for path in (page, f"{page}/steps"):
        assert stranger.post(path, {"step": "withdraw", "words": "x", "amount": "1"}).status_code == 404
    assert shop.count("SELECT state FROM dispute") == "open"


def test_a_picture_of_another_dispute_is_not_found(shop, visitor, placed, page):
    opened(visitor, page, picture=(BytesIO(picture()), "x.png"))
    number = shop.count("SELECT number FROM evidence")
    other = shop.buy(Person("dora@example.com"))
    visitor.get(f"/orders/{other.number}?key={other.secret}")
    theirs = f"/orders/{other.number}/dispute"
    opened(visitor, theirs)
    assert visitor.get(f"{theirs}/pictures/{number}").status_code == 404
    assert visitor.get(f"{page}/pictures/{number}").status_code == 200


def step(visitor, page, step, **changes):
    return visitor.post(f"{page}/steps", {"step": step} | changes)


def test_to_speak_take_back_and_open_again(shop, visitor, page):
    opened(visitor, page)
    assert step(visitor, page, "speak", words="<b>still</b>").status_code == 303
    assert "&lt;b&gt;still" in visitor.get(page).text
    assert step(visitor, page, "speak", words="").status_code == 422
    assert step(visitor, page, "withdraw").status_code == 303
    assert shop.count("SELECT state FROM dispute") == "withdrawn"
    assert step(visitor, page, "speak", words="more").status_code == 409
    assert visitor.get(f"{page}/new").status_code == 200
    assert opened(visitor, page).status_code == 303


def test_to_take_what_the_shop_offers(shop, visitor, page):
    opened(visitor, page)
    transaction(trade.offer, dispute_id(shop), fen=4000, words="Sorry.", actor="account:1", now=NOW)
    assert "40.00" in visitor.get(page).text
    assert step(visitor, page, "agree", seen_fen="5000").status_code == 409
    assert step(visitor, page, "agree", seen_fen="4000").status_code == 303
    assert shop.count("SELECT amount_fen FROM refund") == 4000


@pytest.mark.parametrize(("what", "state"), [("accept", "decided"), ("appeal", "appeal")])
def test_to_accept_or_appeal(shop, visitor, page, what, state):
    opened(visitor, page)
    transaction(trade.speak, dispute_id(shop), side="shop", actor="account:99", words="No.", now=NOW)
    step(visitor, page, "speak", words="Yes.")
    values = {"account_id": judge(shop), "seen_state": "evidence", "decision": "seller", "fen": None, "reason": "So."}
    transaction(trade.decide_dispute, dispute_id(shop), now=NOW, **values)
    assert step(visitor, page, what, words="Why?").status_code == 303
    assert shop.count("SELECT state FROM dispute") == state


@pytest.mark.parametrize("what", ["offer", "concede", "outcome", "decide", "", "x"])
def test_a_buyer_takes_no_step_of_the_other_side(shop, visitor, page, what):
    opened(visitor, page)
    assert step(visitor, page, what, amount="100.00", words="x").status_code == 400
    assert shop.count("SELECT state FROM dispute") == "open"


def test_what_was_not_paid_has_no_dispute(shop, visitor):
    placed = shop.place(Person("clara@example.com"))
    visitor.get(f"/orders/{placed.number}?key={placed.secret}")
    page = f"/orders/{placed.number}/dispute"
    assert visitor.get(page).status_code == 404
    assert visitor.post(page, {"words": "x", "amount": "1"}).status_code in (404, 422)
    assert shop.count("SELECT count(*) FROM dispute") == 0
