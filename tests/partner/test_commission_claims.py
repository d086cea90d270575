"""A distributor's claims as the pages show them, to the claimant and to nobody else (Z02)."""

from io import BytesIO

import pytest

from app import trade
from app.db import transaction
from tests import journey
from tests.conftest import NOW
from tests.shop import Person
from tests.trade.disputing import judge, picture
from tests.visitor import Visitor

PAGE = "/partner/claims"
PASSWORD = "plum river granite 42"


def member(app, contact, address):
    visitor = Visitor(app, address=address)
    form = {"contact": contact, "password": PASSWORD}
    assert visitor.post("/register", form, page="/register").status_code == 303
    journey.join(visitor)
    return visitor


@pytest.fixture
def dora(app, shop):
    return member(app, "dora@example.com", "203.0.113.1")


def claimed(dora, **changes):
    form = {"order_number": "", "day": "2026-09-21", "words": "She told me so."} | changes
    return dora.post(PAGE, form, page=f"{PAGE}/new")


def test_to_claim_by_number_with_a_picture(shop, dora):
    placed = shop.buy(Person("clara@example.com"))
    answer = claimed(dora, order_number=f" {placed.number.lower()} ", day="", picture=(BytesIO(picture()), "x.png"))
    assert answer.status_code == 303
    page = answer.location
    assert "She told me so." in dora.get(page).text
    assert page.rpartition("/")[2] in dora.get(PAGE).text
    number = shop.count("SELECT number FROM evidence")
    assert dora.get(f"{page}/pictures/{number}").content_type == "image/jpeg"
    assert PAGE in dora.get("/partner/commissions").text


def test_to_claim_by_day(shop, dora):
    assert claimed(dora).status_code == 303
    assert shop.count("SELECT order_id FROM dispute") is None
    assert "2026-09-21" in shop.count("SELECT claim FROM dispute")


@pytest.mark.parametrize(
    "changes",
    [
        {"day": ""},
        {"day": "2026-08-01"},
        {"day": "2026-09-23"},
        {"day": "2026-13-01"},
        {"day": "21.9.2026"},
        {"words": ""},
        {"order_number": "NOSUCHORDER00000"},
        {"order_number": "x" * 21},
        {"picture": (BytesIO(b"<svg>"), "x.png")},
    ],
)
def test_what_is_wrong_is_said_beside_it(shop, dora, changes):
    assert claimed(dora, **changes).status_code == 422
    assert shop.count("SELECT count(*) FROM dispute") == 0


def test_nobody_else_sees_it(app, shop, dora):
    page = claimed(dora, picture=(BytesIO(picture()), "x.png")).location
    number = shop.count("SELECT number FROM evidence")
    other = member(app, "egon@example.com", "203.0.113.2")
    for path in (page, f"{page}/pictures/{number}"):
        assert other.get(path).status_code == 404
    assert other.post(f"{page}/steps", {"step": "withdraw"}).status_code == 404
    assert shop.count("SELECT state FROM dispute") == "open"


def test_a_buyers_dispute_is_no_claim(shop, dora):
    placed = shop.buy(Person("clara@example.com"))
    number = transaction(trade.complain, shop.order_id(placed), claim="x", wanted_fen=1, actor="buyer", now=NOW)
    assert dora.get(f"{PAGE}/{number}").status_code == 404


def test_only_members_claim(app, shop):
    visitor = Visitor(app, address="203.0.113.3")
    visitor.post("/register", {"contact": "emil@example.com", "password": PASSWORD}, page="/register")
    assert visitor.get(f"{PAGE}/new").status_code == 302
    assert visitor.post(PAGE, {"day": "2026-09-21", "words": "x"}).location.endswith("/membership")
    assert shop.count("SELECT count(*) FROM dispute") == 0


def test_to_speak_and_to_accept_what_is_decided(shop, dora):
    page = claimed(dora).location
    dispute_id = shop.count("SELECT id FROM dispute")
    transaction(trade.speak, dispute_id, side="shop", actor="account:77", words="Not known.", now=NOW)
    assert dora.post(f"{page}/steps", {"step": "speak", "words": "It was at noon."}).status_code == 303
    values = {"account_id": judge(shop), "seen_state": "evidence", "decision": "refused", "fen": None, "reason": "No."}
    transaction(trade.decide_dispute, dispute_id, now=NOW, **values)
    assert dora.post(f"{page}/steps", {"step": "accept"}, page=page).status_code == 303
    assert shop.count("SELECT opener_accepted_at FROM dispute") == NOW
    assert dora.post(f"{page}/steps", {"step": "withdraw"}).status_code == 409
