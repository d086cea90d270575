"""What a step in a dispute would do is shown in figures before it is done, and then done as it was shown."""

import pytest

from app import settlement, trade
from app.db import db, transaction
from tests.admin.conftest import read_form
from tests.conftest import NOW
from tests.shop import Person
from tests.trade.disputing import Case, judge

PAGE = "/admin/disputes"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def case(shop, olga):
    anna = shop.member("anna@example.com")
    return Case(shop, shop.buy(Person("clara@example.com"), via=anna), wanted_fen=9000)


def ask(olga, case, step, **changes):
    return olga.post(f"{PAGE}/{case.number}/effects", {"step": step} | changes, page=f"{PAGE}/{case.number}")


def test_an_offer_is_shown_and_changes_nothing(shop, olga, case):
    before = shop.count("SELECT count(*) FROM journal"), shop.count("SELECT count(*) FROM message")
    html = ask(olga, case, "offer", amount="40.00").text
    # Forty of a hundred go back, and four of ten with them; what is left of the commission is let go.
    assert 'id="effect"' in html
    for figure in ("40", "4", "6"):
        assert f"</span>{figure}<span" in html
    assert (shop.count("SELECT count(*) FROM journal"), shop.count("SELECT count(*) FROM message")) == before
    assert shop.count("SELECT offer_fen FROM dispute") is None


def test_what_is_too_much_is_said_instead(olga, case):
    html = ask(olga, case, "offer", amount="100.01").text
    assert "100.00" in html
    assert "effect-payee" not in html


def test_giving_in_does_what_was_shown(shop, olga, case):
    foreseen = transaction(trade.rehearse, trade.concede, case.id, actor="account:1", now=NOW)
    text = ask(olga, case, "concede").text
    assert f"</span>{foreseen.back_fen // 100}<span" in text
    form = read_form(text, f"{PAGE}/{case.number}/steps")
    assert olga.post(f"{PAGE}/{case.number}/steps", form | {"seal": "other figures"}).status_code == 409
    assert shop.count("SELECT count(*) FROM refund") == 0
    assert olga.post(f"{PAGE}/{case.number}/steps", form).status_code == 303
    assert shop.count("SELECT sum(amount_fen) FROM refund") == foreseen.back_fen == 9000


def test_the_decision_that_stands_is_shown_with_what_it_will_do(shop, olga, case):
    case.answer()
    case.reply()
    case.decide(judge(shop), "split", 4000)
    assert 'id="standing"' in olga.get(f"{PAGE}/{case.number}").text


def test_the_queue_goes_by_the_clock(shop, olga, case):
    shop.now += 3600
    later = Case(shop, shop.buy(Person("dan@example.com"), address="192.0.2.7"), wanted_fen=100)
    text = olga.get(PAGE).text
    assert text.index(case.number) < text.index(later.number)
    newest = olga.get(f"{PAGE}?state=all").text
    assert newest.index(later.number) < newest.index(case.number)
    case.do(trade.withdraw_claim, actor="buyer")
    assert case.number not in olga.get(PAGE).text


@pytest.mark.both_databases
def test_the_queue_goes_on_where_a_page_ends(shop, olga, monkeypatch):
    monkeypatch.setattr("app.settlement.docket.PAGE_SIZE", 2)
    transaction(shop.product, "many", codes=9)
    cases = []
    for number in range(5):
        buyer = Person(f"b{number}@example.com")
        cases.append(Case(shop, shop.buy(buyer, slug="many", address=f"10.3.{number}.1"), wanted_fen=100))
    cases[0].answer()
    found, last_id = [], None
    while True:
        page, last_id = settlement.list_by_clock(db.session, after=last_id)
        found += [one.number for one in page]
        if last_id is None:
            break
    assert sorted(found) == sorted(one.number for one in cases)
