"""Refunds by the merchant: what can go back, once a form, and how it went."""

import pytest

from app import payments, trade
from app.db import transaction
from app.payments import RefundAnswer
from tests.admin.conftest import read_form
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sold(shop):
    anna = shop.member("anna@example.com")
    return shop.buy(Person("clara@example.com"), via=anna), anna


@pytest.fixture
def ask(olga, form_of, sold):
    """The form of the order's page, filled in."""
    page = f"/admin/orders/{sold[0].number}"
    told = {"way": "hand", "reason": "坏了"}
    return lambda **changes: (form_of(page, f"{page}/refunds/effects", **(told | changes)), page)


@pytest.fixture
def shown(olga, ask):
    """The form that asks once more, and the page that it stands on."""

    def show(**changes):
        form, page = ask(**changes)
        answer = olga.post(f"{page}/refunds/effects", form)
        assert answer.status_code == 200, answer.text
        return read_form(answer.text, f"{page}/refunds"), page, answer.text

    return show


@pytest.fixture
def refunded(olga, shown):
    """Ask, look, and do it."""

    def do(**changes):
        form, page, _text = shown(**changes)
        assert olga.post(f"{page}/refunds", form).status_code == 303
        return page

    return do


def test_the_form_offers_what_is_left(ask, refunded, shop, sold):
    assert ask()[0]["amount"] == "100.00"
    refunded(amount="40.00")
    assert shop.wallet(sold[1]).held_fen == 600
    assert ask()[0]["amount"] == "60.00"


def test_it_is_shown_first_and_done_as_it_was_shown_once(olga, shown, shop, sold):
    form, page, text = shown(amount="40.00")
    for figure in ("40", "4", "6"):
        assert f"</span>{figure}<span" in text
    assert f"待解冻 · {shop.node(sold[1]).pid}" in text
    assert shop.count("SELECT count(*) FROM refund") == 0
    for _ in range(2):
        assert olga.post(f"{page}/refunds", form).status_code == 303
    assert shop.count("SELECT count(*) FROM refund") == 1
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'refund.create'") == 1
    assert shop.wallet(sold[1]).held_fen == 600
    # The form that made it shows nothing more, and another amount under it is refused.
    assert olga.post(f"{page}/refunds/effects", form).status_code == 303
    assert olga.post(f"{page}/refunds/effects", form | {"amount": "10.00"}).status_code == 422


def test_figures_that_changed_meanwhile_are_shown_anew(olga, shown, shop, sold):
    form, page, _text = shown(amount="40.00")
    assert olga.post(f"{page}/refunds", form | {"seen": ""}).status_code == 409
    # What matures meanwhile is taken from another bucket.
    shop.pass_days(7)
    answer = olga.post(f"{page}/refunds", form)
    assert answer.status_code == 409
    assert shop.count("SELECT count(*) FROM refund") == 0
    assert olga.post(f"{page}/refunds", read_form(answer.text, f"{page}/refunds")).status_code == 303
    assert shop.wallet(sold[1]).available_fen == 600


def test_it_goes_by_line_in_pieces_or_as_an_amount(olga, form_of, shop):
    transaction(shop.product, "three", price_fen=1999)
    placed = shop.buy(Person("dan@example.com"), slug="three", quantity=3, address="192.0.2.9")
    page = f"/admin/orders/{placed.number}"
    line = f"line{shop.count('SELECT max(id) FROM order_line')}"
    form = form_of(page, f"{page}/refunds/effects", reason="r", way="hand", basis="lines")
    for wrong in ({}, {"count": "4"}, {"count": "1", "amount": "1"}, {"amount": "60"}):
        told = {f"{line}-{name}": value for name, value in wrong.items()}
        assert olga.post(f"{page}/refunds/effects", form | told).status_code == 422, wrong
    answer = olga.post(f"{page}/refunds/effects", form | {f"{line}-count": "2"})
    assert olga.post(f"{page}/refunds", read_form(answer.text, f"{page}/refunds")).status_code == 303
    assert shop.count("SELECT refunded_fen FROM order_line ORDER BY id DESC LIMIT 1") == 3998


@pytest.mark.parametrize("amount", ["100.01", "0", "-1", "1e2", "１", "", "0.001"])
def test_an_amount_that_cannot_go_back_is_told_beside_the_field(olga, ask, shop, amount):
    form, page = ask(amount=amount)
    for step in ("refunds/effects", "refunds"):
        answer = olga.post(f"{page}/{step}", form)
        assert answer.status_code == 422
        assert 'id="amount-error"' in answer.text
    assert shop.count("SELECT count(*) FROM refund") == 0


def test_it_is_done_with_a_reference_only(olga, refunded, shop):
    page = refunded()
    number = shop.count("SELECT number FROM refund")
    receipt = f"{page}/refunds/{number}/receipt"
    assert olga.post(receipt, {"outcome": "done", "reference": ""}).status_code == 422
    assert olga.post(receipt, {"outcome": "done", "reference": "T-1"}).status_code == 303
    assert shop.count("SELECT state FROM refund") == "done"
    assert shop.count("SELECT -sum(amount_fen) FROM posting WHERE account = 'asset:bank'") == 10000


def test_one_that_was_not_sent_is_taken_back(olga, ask, refunded, shop, sold):
    page = refunded()
    number = shop.count("SELECT number FROM refund")
    assert olga.post(f"{page}/refunds/{number}/receipt", {"outcome": "failed"}).status_code == 303
    assert shop.wallet(sold[1]).held_fen == 1000
    assert ask()[0]["amount"] == "100.00"


def test_a_refund_of_another_order_is_not_there(olga, refunded, shop):
    refunded()
    number = shop.count("SELECT number FROM refund")
    other = shop.buy(Person("dan@example.com"))
    answer = olga.post(f"/admin/orders/{other.number}/refunds/{number}/receipt", {"outcome": "failed"})
    assert answer.status_code == 404


def test_it_goes_through_the_channel_and_says_what_came_of_it(olga, ask, refunded, shop, monkeypatch):
    page = refunded(amount="40.00", way="gateway")
    refuse = lambda _settings, _wanted: RefundAnswer("failed", reason="余额不足 <b>")  # noqa: E731
    monkeypatch.setattr(payments.GATEWAYS["sandbox"], "refund", refuse)
    trade.send_refunds(shop.now)
    text = olga.get(page).get_data(as_text=True)
    assert "余额不足 &lt;b&gt;" in text
    assert shop.count("SELECT state FROM refund") == "failed"
    assert ask()[0]["amount"] == "100.00"


def test_a_doubtful_one_is_decided_by_the_merchant(olga, refunded, shop, sold, monkeypatch):
    page = refunded(amount="40.00", way="gateway")
    receipt = f"{page}/refunds/{shop.count('SELECT number FROM refund')}/receipt"
    # While it is on its way there is nothing to say about it.
    assert olga.post(receipt, {"outcome": "failed"}).status_code == 422
    doubt = lambda _settings, _wanted: RefundAnswer("doubtful", reason="ReadTimeout")  # noqa: E731
    monkeypatch.setattr(payments.GATEWAYS["sandbox"], "refund", doubt)
    trade.send_refunds(shop.now)
    assert receipt in olga.get(page).get_data(as_text=True)
    assert olga.post(receipt, {"outcome": "done", "reference": "seen there"}).status_code == 303
    assert (shop.count("SELECT state FROM refund"), shop.wallet(sold[1]).held_fen) == ("done", 600)


def test_the_channel_is_not_offered_where_it_cannot_refund(olga, ask, shop, monkeypatch):
    assert ask()[0]["way"] in ("gateway", "hand")
    monkeypatch.setattr(payments.GATEWAYS["sandbox"], "can_refund", lambda _settings: False)
    form, page = ask(amount="40.00")
    assert 'value="gateway"' not in olga.get(page).get_data(as_text=True)
    assert olga.post(f"{page}/refunds", form | {"way": "gateway"}).status_code == 422
    assert shop.count("SELECT count(*) FROM refund") == 0


def test_the_first_page_shows_those_that_wait_for_the_merchant(olga, shop, sold):
    link = f'href="/admin/orders/{sold[0].number}#refunds"'
    assert link not in olga.get("/admin").text
    by_hand = shop.refund(sold[0], 1000, done=False)
    sent = shop.refund(sold[0], 2000, way="gateway", done=False)
    assert olga.get("/admin").text.count(link) == 1
    transaction(trade.settle_refund, sent, state="doubtful", now=shop.now)
    assert olga.get("/admin").text.count(link) == 2
    for refund_id in (by_hand, sent):
        transaction(trade.settle_refund, refund_id, state="done", reference="R", now=shop.now)
    assert link not in olga.get("/admin").text
