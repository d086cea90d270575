"""Questions of the order form: written by the merchant, answered by the buyer, sealed with the order."""

import pytest
from sqlalchemy import text

from app import audit, orders
from app.db import db
from tests.admin.conftest import HOSTILE, PASSWORD
from tests.visitor import Visitor

SHOP, PRODUCT = "/admin/questions", "/admin/products/1/questions"
QQ = {"q0-label_zh": "QQ 号", "q0-label_en": "QQ number", "q0-kind": "number", "q0-needed": "y"}
REGION = {"q0-label_zh": "大区", "q0-kind": "choice", "q0-choices": "电信 | Telecom\n联通 | Unicom"}


@pytest.fixture
def asking(olga, form_of):
    """The shop asks for a QQ number, its product for a region."""
    assert olga.post(SHOP, form_of(SHOP, SHOP) | QQ).status_code == 303
    assert olga.post(PRODUCT, form_of(PRODUCT, PRODUCT) | REGION).status_code == 303
    return olga


def order(page, **answers):
    sku = page.split('name="sku" type="hidden" value="')[1].split('"')[0]
    return {"sku": sku, "quantity": "1", "contact": "b@example.com", "gateway": "sandbox:alipay"} | answers


def stored():
    db.session.rollback()
    row = db.session.execute(text("SELECT number, answers_sealed FROM orders ORDER BY id DESC LIMIT 1")).one()
    return row.number, row.answers_sealed


@pytest.mark.both_databases
def test_answers_are_checked_sealed_and_shown_to_the_buyer(app, asking):
    buyer = Visitor(app, address="192.0.2.78", language="en")
    page = buyer.get("/p/ps").text
    assert "QQ number" in page
    assert "Telecom" in page
    for answer0, answer1, wrong in (("", "", "0"), ("１２３", "", "0"), ("12a", "", "0"), ("123", "Mars", "1")):
        refused = buyer.post("/orders", order(page, answer0=answer0, answer1=answer1), page="/p/ps")
        assert (refused.status_code, f'id="answer{wrong}-error"' in refused.text) == (422, True), answer0
    placed = buyer.post("/orders", order(page, answer0="10001", answer1="Unicom"), page="/p/ps")
    assert placed.status_code == 303
    number, sealed = stored()
    assert b"10001" not in bytes(sealed)
    assert orders.open_answers(number, sealed) == [("QQ number", "10001"), ("大区", "Unicom")]
    db.session.rollback()
    gone_out = db.session.execute(text("SELECT count(*) FROM payment WHERE CAST(reference AS TEXT) LIKE '%10001%'"))
    assert gone_out.scalar() == 0


def test_staff_see_answers_when_they_ask_and_that_is_written_down(app, asking, shop):
    buyer = Visitor(app, address="192.0.2.78")
    page = buyer.get("/p/ps").text
    for hostile in HOSTILE:
        again = order(page, answer0="10001", answer1="") | {"contact": f"c{len(hostile)}@example.com"}
        buyer.post("/orders", again, page="/p/ps")
    number, _sealed = stored()
    shown = asking.get(f"/admin/orders/{number}").text
    assert "10001" not in shown
    answer = asking.post(f"/admin/orders/{number}/answers")
    assert (answer.status_code, "10001" in answer.text) == (200, True)
    db.session.rollback()
    [entry] = [one for one in audit.entries_of(db.session, f"order:{number}") if one.act == "answer.reveal"]
    assert entry.change == {}
    for role, status in (("finance", 403), ("support", 200)):
        person = Visitor(app, address=f"192.0.2.{len(role) + 100}")
        shop.owner(f"{role}@example.com", PASSWORD, role=role)
        person.post("/login", {"contact": f"{role}@example.com", "password": PASSWORD}, page="/login")
        assert person.post(f"/admin/orders/{number}/answers").status_code == status


def test_a_text_question_takes_what_people_type_and_shows_it_inert(app, olga, form_of):
    olga.post(SHOP, form_of(SHOP, SHOP) | {"q0-label_zh": HOSTILE[0], "q0-hint_zh": HOSTILE[1]})
    buyer = Visitor(app, address="192.0.2.78")
    page = buyer.get("/p/ps").text
    assert HOSTILE[0] not in page
    assert HOSTILE[1] not in page
    for number, bad in enumerate(("x" * 201, "a\x00b", "a\u202eb")):
        refused = buyer.post("/orders", order(page, answer0=bad), page="/p/ps")
        assert refused.status_code == 422, number
    placed = buyer.post("/orders", order(page, answer0=HOSTILE[3]), page="/p/ps")
    assert placed.status_code == 303
    assert orders.open_answers(*stored()) == [(HOSTILE[0], HOSTILE[3])]


def test_a_form_asks_five_at_most_and_choices_are_several(olga, form_of):
    five = {f"q{number}-label_zh": f"问题 {number}" for number in range(5)}
    assert olga.post(PRODUCT, form_of(PRODUCT, PRODUCT) | five).status_code == 303
    refused = olga.post(SHOP, form_of(SHOP, SHOP) | QQ)
    assert (refused.status_code, "notice-loss" in refused.text) == (422, True)
    for choices in ("", "只有一个", "\n".join(map(str, range(21)))):
        answer = olga.post(PRODUCT, form_of(PRODUCT, PRODUCT) | {"q1-kind": "choice", "q1-choices": choices})
        assert (answer.status_code, 'id="q1-choices-error"' in answer.text) == (422, True)
    assert olga.get("/admin/products/99/questions").status_code == 404


def test_an_order_of_the_same_form_with_other_answers_is_not_the_same(app, asking):
    buyer = Visitor(app, address="192.0.2.78")
    page = buyer.get("/p/ps").text
    first = order(page, answer0="10001", key="k" * 22)
    assert buyer.post("/orders", first, page="/p/ps").status_code == 303
    assert buyer.post("/orders", first, page="/p/ps").status_code == 303
    assert buyer.post("/orders", first | {"answer0": "10002"}, page="/p/ps").status_code in (409, 422)
