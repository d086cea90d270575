"""The arbitrators' desk: what they see, what they decide, and that nobody else comes in."""

import pytest

from app import trade
from app.db import transaction
from tests.admin.conftest import read_form
from tests.conftest import NOW
from tests.shop import Person
from tests.trade.disputing import judge
from tests.visitor import Visitor

PASSWORD = "four unrelated plain words"


@pytest.fixture
def iris(app, shop):
    shop.member("olaf@example.com")
    judge(shop, "iris@example.com")
    visitor = Visitor(app, address="203.0.113.5")
    assert (
        visitor.post("/login", {"contact": "iris@example.com", "password": PASSWORD}, page="/login").status_code == 303
    )
    return visitor


@pytest.fixture
def number(shop, iris):
    """A dispute in which both sides were heard."""
    placed = shop.buy(Person("clara@example.com"))
    number = transaction(
        trade.complain, shop.order_id(placed), claim="It is used up.", wanted_fen=9000, actor="buyer", now=NOW
    )
    dispute_id = shop.count("SELECT id FROM dispute")
    for side in ("shop", "opener"):
        transaction(trade.speak, dispute_id, side=side, actor=f"{side}:77", words=f"{side} says so", now=NOW)
    return number


def decide(iris, number, **changes):
    form = {"seen_state": "evidence", "decision": "split", "amount": "40.00", "words": "Both are right."}
    page = f"/arbitration/{number}"
    shown = iris.post(f"{page}/effects", form | changes, page=page)
    return (
        iris.post(f"{page}/decisions", read_form(shown.text, f"{page}/decisions"))
        if shown.status_code == 200
        else shown
    )


def test_what_an_arbitrator_sees(shop, iris, number):
    assert number in iris.get("/arbitration").text
    text = iris.get(f"/arbitration/{number}").text
    assert "opener says so" in text
    assert "shop says so" in text
    assert "clara@example.com" not in text
    assert "/admin/orders" not in text


def test_to_decide(shop, iris, number):
    assert decide(iris, number).status_code == 303
    assert shop.count("SELECT state || decision || decision_fen FROM dispute") == "decidedsplit4000"
    assert "Both are right." in iris.get(f"/arbitration/{number}").text
    assert decide(iris, number, csrf_token=iris.token("/orders")).status_code == 409
    assert shop.count("SELECT count(*) FROM statement WHERE kind = 'decision'") == 1


@pytest.mark.parametrize(
    "changes",
    [{"words": ""}, {"decision": ""}, {"decision": "adjust"}, {"amount": ""}, {"amount": "0"}, {"amount": "100.01"}],
)
def test_what_is_wrong_is_said_beside_it(shop, iris, number, changes):
    assert decide(iris, number, **changes).status_code == 422
    assert shop.count("SELECT state FROM dispute") == "evidence"


def test_who_spoke_in_it_gets_no_form_and_is_refused(shop, iris, number):
    account_id = shop.count("SELECT id FROM account WHERE role = 'arbitrator'")
    dispute_id = shop.count("SELECT id FROM dispute")
    transaction(trade.speak, dispute_id, side="shop", actor=f"account:{account_id}", words="x", now=NOW)
    assert "decisions" not in iris.get(f"/arbitration/{number}").text
    form = {"seen_state": "evidence", "decision": "seller", "words": "Mine."}
    assert iris.post(f"/arbitration/{number}/decisions", form).status_code == 403


def test_an_arbitrator_sees_nothing_else_of_the_shop(iris, number):
    for path in ("/admin", "/admin/disputes", f"/admin/disputes/{number}", "/admin/orders"):
        assert iris.get(path).status_code == 403
    assert iris.get("/arbitration/NOTHING").status_code == 404


def test_the_shop_itself_does_not_decide(app, shop, number):
    shop.owner("olga@example.com", PASSWORD)
    olga = Visitor(app, address="203.0.113.6")
    olga.post("/login", {"contact": "olga@example.com", "password": PASSWORD}, page="/login")
    assert olga.get("/arbitration").status_code == 403
    form = {"seen_state": "evidence", "decision": "seller", "words": "Mine."}
    assert olga.post(f"/arbitration/{number}/decisions", form).status_code == 403
    assert shop.count("SELECT state FROM dispute") == "evidence"


def test_a_claim_is_decided_with_the_order_that_was_found(shop, iris):
    placed = shop.buy(Person("clara@example.com"))
    dora = shop.member("dora@example.com")
    claimed = transaction(
        trade.claim_commission, shop.node(dora).id, order_number=None, claim="x", actor="account:9", now=NOW
    )
    dispute_id = shop.count("SELECT id FROM dispute")
    for side in ("shop", "opener"):
        transaction(trade.speak, dispute_id, side=side, actor=f"{side}:77", words="x", now=NOW)
    form = {"decision": "adjust", "amount": "10.00"}
    assert decide(iris, claimed, **form).status_code == 422
    assert decide(iris, claimed, **form, order_number=placed.number.lower()).status_code == 303
    assert shop.count("SELECT decision || decision_fen FROM dispute") == "adjust1000"


def test_a_decision_is_shown_in_figures_before_it_is_made(shop, iris, number):
    form = {"seen_state": "evidence", "decision": "split", "amount": "40.00", "words": "Both are right."}
    # The page of the dispute cannot decide: its form leads to the figures, with scripts and without.
    assert f'action="/arbitration/{number}/decisions"' not in iris.get(f"/arbitration/{number}").text
    assert iris.post(f"/arbitration/{number}/decisions", form, page=f"/arbitration/{number}").status_code == 409
    html = iris.post(f"/arbitration/{number}/effects", form, page=f"/arbitration/{number}").text
    assert 'id="effect"' in html
    assert "</span>40<span" in html
    assert 'value="40.00"' in html
    assert shop.count("SELECT state FROM dispute") == "evidence"
