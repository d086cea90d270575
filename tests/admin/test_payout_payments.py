"""Several payouts noted as paid: each under a number, the sums shown first, who is refused told, and twice is once."""

import pytest

from app import settlement
from app import shop as shop_room
from app.db import transaction
from tests.admin.test_payout_approvals import ask, seal, state

__all__ = ["ask"]
pytestmark = pytest.mark.both_databases
PAGE, LIST = "/admin/payouts/payments", "/admin/payouts"


@pytest.fixture
def sent(olga, shop, ask):
    """Four payouts that are being sent, of which the last was asked for by whoever looks."""
    numbers = [
        ask(name, account)[1]
        for name, account in zip("abcd", ("13800138000", "13900139000", "13700137000", "13600136000"), strict=True)
    ]
    for number in numbers:
        transaction(settlement.approve_payout, number, by=1, now=shop.now)
        transaction(settlement.process_payout, number, actor="account:1", now=shop.now)
    return numbers


def references(shop, numbers):
    return [shop.count("SELECT reference FROM payout WHERE number = :number", number=number) for number in numbers]


def test_it_notes_what_it_showed_under_one_number_or_each_its_own(olga, shop, sent):
    assert f'value="{sent[0]}"' in olga.get(f"{LIST}?state=processing").text
    transaction(settlement.fail_payout, sent[3], actor="account:1", reason="x", now=shop.now)
    text = olga.get(PAGE + "/new", query_string={"number": sent}).text
    assert (seal(text), sent[3] in text, {state(shop, number) for number in sent[:3]}) == (
        "3-3000-3000",
        True,
        {"processing"},
    )
    form = {"number": sent, "seen": seal(text), f"{sent[1]}-reference": " B-2 "}
    answer = olga.post(PAGE, form)
    assert (answer.status_code, answer.text.count('class="error"'), state(shop, sent[1])) == (422, 2, "processing")
    assert 'value="B-2"' in answer.text
    form["reference"] = "BATCH-1"
    assert olga.post(PAGE, form | {f"{sent[0]}-reference": "x\x07"}).status_code == 422
    assert olga.post(PAGE, form).location.endswith("state=paid&paid=3")
    assert references(shop, sent) == ["BATCH-1", "B-2", "BATCH-1", None]
    assert olga.post(PAGE, form | {"reference": "BATCH-2"}).status_code == 409
    assert references(shop, sent) == ["BATCH-1", "B-2", "BATCH-1", None]
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'payout.payment'") == 3
    assert shop.count("SELECT count(*) FROM payout_event WHERE state = 'paid'") == 3


def test_it_refuses_what_was_not_shown_and_a_large_one_of_one_person(olga, shop, sent):
    seen = seal(olga.get(PAGE + "/new", query_string={"number": sent[:1]}).text)
    form = {"number": sent, "seen": seen, "reference": "B-1"}
    assert olga.post(PAGE, form).status_code == 409
    transaction(shop_room.change_settings, payout_second_admin_fen=999)
    assert "seen" not in olga.get(PAGE + "/new", query_string={"number": sent}).text
    assert {state(shop, number) for number in sent} == {"processing"}
    assert olga.get(PAGE + "/new").location.endswith("state=processing&nothing=ticked")
    assert "勾选" in olga.get(olga.post(PAGE, {}).location).text
