"""What buyers say of their payments, at the merchant's desk: found, not found, and by whom."""

import pytest

from app import stock, trade
from app.clock import HOUR
from app.db import transaction
from tests.admin.conftest import PASSWORD
from tests.by_hand import open_channel
from tests.shop import Person
from tests.visitor import Visitor

LIST = "/admin/payment-claims"


@pytest.fixture
def said(shop, olga):
    """Say that an order was paid; its number."""
    open_channel(shop)

    def say(contact="clara@example.com", digits="1234", after=0):
        placed = shop.place(Person(contact), channel="manual", address=contact)
        told = {"placed_at": shop.now, "now": shop.now + after}
        transaction(trade.vouch, shop.order_id(placed), digits, **told)
        return placed.number

    return say


def test_it_stands_on_the_first_page_and_leads_to_the_order(olga, said):
    assert LIST not in olga.get("/admin").text
    number = said()
    for page in ("/admin", f"/admin/orders/{number}"):
        assert f'href="{LIST}#claim-1"' in olga.get(page).text
    text = olga.get(LIST).text
    for words in ("1234", '</span>100<span class="money-cents">.00', number, "转账", f'action="{LIST}/1"'):
        assert words in text


def test_the_money_came(olga, shop, said):
    number = said()
    answer = olga.post(f"{LIST}/1", {"act": "came", "reference": "20261123220012341234"})
    assert (answer.status_code, answer.location) == (303, f"{LIST}?done=accepted")
    assert shop.count("SELECT state FROM orders WHERE number = :n", n=number) == "paid"
    assert shop.count("SELECT settled_by FROM payment_claim") == "account:1"
    assert shop.count("SELECT source || ':' || verdict FROM notice") == "hand:accepted"
    assert "notice-good" in olga.get(answer.location).text
    assert number not in olga.get(LIST).text
    settled = olga.get(f"{LIST}?state=settled").text
    assert number in settled
    assert "20261123220012341234" in settled
    assert "20261123220012341234" in olga.get(f"/admin/orders/{number}").text
    again = olga.post(f"{LIST}/1", {"act": "came", "reference": "20261123220012341235"})
    assert again.status_code == 422
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1


def test_no_money_came(olga, shop, said):
    said()
    answer = olga.post(f"{LIST}/1", {"act": "missing", "reason": "没有这笔转账"})
    assert (answer.status_code, answer.location) == (303, f"{LIST}?done=missing")
    assert shop.count("SELECT verdict || ':' || reason FROM payment_claim") == "missing:没有这笔转账"
    assert shop.count("SELECT state FROM orders") == "pending"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"act": "came", "reference": ""}, "reference"),
        ({"act": "came", "reference": "x" * 65}, "reference"),
        ({"act": "came", "reference": "a\x00b"}, "reference"),
        ({"act": "missing", "reason": ""}, "reason"),
        ({"act": "missing", "reason": "x" * 201}, "reason"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(olga, shop, said, form, field):
    said()
    answer = olga.post(f"{LIST}/1", form)
    assert (answer.status_code, f'id="{field}-1-error"' in answer.text) == (422, True)
    assert shop.count("SELECT settled_at FROM payment_claim") is None


def test_a_transfer_that_paid_another_order_is_refused(olga, shop, said):
    said()
    said("mia@example.com")
    assert olga.post(f"{LIST}/1", {"act": "came", "reference": "20261123"}).status_code == 303
    answer = olga.post(f"{LIST}/2", {"act": "came", "reference": "20261123"})
    assert (answer.status_code, 'id="reference-2-error"' in answer.text) == (422, True)
    assert shop.count("SELECT count(*) FROM orders WHERE state = 'paid'") == 1


@pytest.mark.parametrize("form", [{}, {"act": "paid"}, {"act": "came"}])
def test_a_claim_that_is_not_there_is_not_settled(olga, form):
    assert olga.post(f"{LIST}/7", form).status_code == 404


def test_only_staff_settle_and_only_by_a_form_with_a_token(olga, app, shop, said):
    said()
    form = {"act": "came", "reference": "20261123"}
    assert olga._send("POST", f"{LIST}/1", data=form).status_code == 400
    assert olga.get(f"{LIST}/1").status_code == 405
    stranger = Visitor(app, address="198.51.100.9")
    assert stranger.post(f"{LIST}/1", form).status_code == 302
    buyer = Visitor(app, address="198.51.100.8")
    buyer.post("/register", {"contact": "bo@example.com", "password": PASSWORD}, page="/register")
    assert buyer.post(f"{LIST}/1", form).status_code == 403
    assert shop.count("SELECT settled_at FROM payment_claim") is None


def test_late_money_is_noted_and_the_page_says_where_it_waits(olga, shop, said):
    number = said()
    transaction(trade.expire, shop.now + 24 * HOUR)
    for name in ("a", "b"):
        shop.buy(Person(f"{name}@example.com"), quantity=10, address=name)
    answer = olga.post(f"{LIST}/1", {"act": "came", "reference": "20261123"})
    assert (answer.status_code, answer.location) == (303, f"{LIST}?done=late")
    assert "notice-held" in olga.get(answer.location).text
    assert shop.count("SELECT state FROM orders WHERE number = :n", n=number) == "expired"
    assert olga.get(f"{LIST}?done=<script>").text.count("<script>") == 0


def test_the_list_goes_on_below_its_last(olga, shop, said):
    transaction(stock.take_in, 1, "\n".join(f"MORE-{number}" for number in range(9)), account_id=None, now=shop.now)
    numbers = [said(f"p{number}@example.com") for number in range(21)]
    text = olga.get(LIST).text
    assert numbers[0] not in text
    assert numbers[1] in text
    following = text.split(f'href="{LIST}?state=waiting&amp;before=')[1].split('"')[0]
    rest = olga.get(f"{LIST}?state=waiting&before={following}").text
    assert numbers[0] in rest
    assert numbers[1] not in rest
