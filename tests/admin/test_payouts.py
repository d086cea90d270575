"""Payouts at the merchant's desk: each step once, the account shown to whoever sends, and batches in and out."""

import csv
import io

import pytest

from app import settlement
from app import shop as shop_room
from app.clock import DAY, HOUR
from app.db import db, transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases
LIST = "/admin/payouts"


@pytest.fixture
def ask(shop):
    """Let somebody ask for 10 yuan, and tell the payout's number."""

    def act(contact, name="李琳", account="13800138000"):
        today, shop.now = shop.now, shop.now - 10 * DAY
        person = shop.member(contact)
        shop.buy(Person(f"buyer-of-{contact}"), via=person)
        shop.now = today
        row = {"method": "alipay", "name": name, "account": account}
        transaction(settlement.save_payee, person.account_id, now=shop.now - 73 * HOUR, **row)
        settings = shop.settings
        return transaction(
            settlement.request_payout, person.account_id, 1000, settings, actor="account:9", now=shop.now
        )

    return act


def step(olga, number, noun, **told):
    return olga.post(f"{LIST}/{number}/{noun}", told).status_code


def state(shop, number):
    return shop.count("SELECT state FROM payout WHERE number = :number", number=number)


def test_it_is_approved_sent_and_confirmed(olga, shop, ask):
    number = ask("anna@example.com")
    assert number in olga.get("/admin").text
    # It is found by whoever asks and by its own number, in every state or its own; what it shows of the contact reaches nobody.
    pid = shop.count("SELECT pid FROM payout_part")
    for query in ("", f"?q={number.lower()}", f"?q={pid}&state=requested", "?q=anna@example.com"):
        listed = olga.get(f"{LIST}{query}").text
        assert (f"{LIST}/{number}" in listed, pid in listed) == (True, True), query
        assert "anna@example.com" not in listed.replace('value="anna@example.com"', "").replace(
            "q=anna@example.com", ""
        )
    for query in (f"?q={number}&state=paid", "?q=anna@example.co", f"?q={pid}&state=paid"):
        assert f"{LIST}/{number}" not in olga.get(f"{LIST}{query}").text, query
    assert "anna@example.com" not in olga.get(f"{LIST}/{number}").text
    assert "13800138000" not in olga.get(f"{LIST}/{number}").text
    assert step(olga, number, "approval") == 303
    assert "13800138000" not in olga.get(f"{LIST}/{number}").text
    assert "13800138000" in olga.post(f"{LIST}/{number}/payee").text
    assert step(olga, number, "processing") == 303
    assert step(olga, number, "payment", reference="") == 422
    assert step(olga, number, "payment", reference="B-1") == 303
    assert state(shop, number) == "paid"
    assert step(olga, number, "return", reason="closed") == 303
    assert state(shop, number) == "returned"


def test_who_saw_the_account_is_noted_once(olga, shop, ask):
    number = ask("anna@example.com")
    step(olga, number, "approval")
    for _ in range(3):
        olga.post(f"{LIST}/{number}/payee")
    assert shop.count("SELECT count(*) FROM payout_event WHERE reason = 'payee shown'") == 1
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'payee.reveal'") == 3


def test_nobody_sees_the_account_of_what_is_not_approved(olga, ask):
    answer = olga.post(f"{LIST}/{ask('anna@example.com')}/payee")
    assert (answer.status_code, "13800138000" in answer.text) == (422, False)


def test_a_rejection_wants_a_reason(olga, shop, ask):
    number = ask("anna@example.com")
    assert step(olga, number, "rejection", reason="") == 422
    assert step(olga, number, "rejection", reason="请核对账号") == 303
    assert state(shop, number) == "rejected"


@pytest.mark.parametrize("noun", ["processing", "payment", "failure", "retry", "return"])
def test_a_step_out_of_turn_is_told(olga, ask, noun):
    assert step(olga, ask("anna@example.com"), noun, reference="x", reason="x") == 409


def test_a_large_one_wants_somebody_else(olga, shop, ask):
    transaction(shop_room.change_settings, payout_second_admin_fen=999)
    number = ask("anna@example.com")
    step(olga, number, "approval")
    step(olga, number, "processing")
    assert step(olga, number, "payment", reference="B-1") == 422
    assert state(shop, number) == "processing"


def test_a_batch_leaves_once_and_computes_nothing(olga, shop, ask):
    """I04."""
    numbers = [ask("anna@example.com", name="=1+1"), ask("boris@example.com", name="@x", account="13900139000")]
    for number in numbers:
        step(olga, number, "approval")
    answer = olga.post(f"{LIST}/batches")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == sorted(numbers, key=lambda one: [row[0] for row in rows].index(one))
    assert {row[2] for row in rows[1:]} == {"'=1+1", "'@x"}
    assert {row[4] for row in rows[1:]} == {"10.00"}
    assert all(state(shop, number) == "processing" for number in numbers)
    again = olga.post(f"{LIST}/batches")
    assert again.location.endswith("?nothing=approved")
    assert "notice" in olga.get(again.location).text


def test_a_lost_file_is_had_again_with_what_still_is_under_way(olga, shop, ask):
    numbers = [ask(f"{name}@example.com", account=f"1390013900{n}") for n, name in enumerate(("anna", "boris", "dora"))]
    assert olga.post(f"{LIST}/batches/copies").location.endswith("?nothing=sent")
    for number in numbers:
        step(olga, number, "approval")
    step(olga, numbers[2], "processing")
    first = olga.post(f"{LIST}/batches").text
    olga.post(f"{LIST}/batches/results", {"results": f"{numbers[0]},paid,B-7"})
    copy = olga.post(f"{LIST}/batches/copies").text
    assert [number in first for number in numbers] == [True, True, False]
    assert [number in copy for number in numbers] == [False, True, False]
    assert copy.splitlines()[0] == first.splitlines()[0]
    assert shop.count("SELECT count(*) FROM payout_event WHERE reason = 'payee shown'") == 1


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_headings_are_in_the_pages_language_and_skipped_in_any(olga, ask, language):
    step(olga, ask("anna@example.com"), "approval")
    olga.get(f"{LIST}?lang={language}")
    heading = olga.post(f"{LIST}/batches").text.removeprefix("\ufeff").splitlines()[0]
    olga.get(f"{LIST}?lang={'en' if language == 'zh_CN' else 'zh_CN'}")
    answer = olga.post(f"{LIST}/batches/results", {"results": f"{heading}\nNOTHING,paid,B-8"})
    assert answer.text.count('<li class="fact"><code>') == 1


def test_results_are_taken_in_line_by_line(olga, shop, ask):
    paid, failed = ask("anna@example.com"), ask("boris@example.com", account="13900139000")
    for number in (paid, failed):
        step(olga, number, "approval")
    olga.post(f"{LIST}/batches")
    lines = f"number,result,reference\n{paid},paid,B-7\n{failed},failed,账户不存在\nNOTHING,paid,B-8\n{paid},paid,B-9\n{paid},maybe\n"
    answer = olga.post(f"{LIST}/batches/results", {"results": lines})
    assert answer.status_code == 200
    assert (state(shop, paid), state(shop, failed)) == ("paid", "failed")
    assert shop.count("SELECT reference FROM payout WHERE number = :n", n=paid) == "B-7"
    assert answer.text.count('<li class="fact"><code>') == 5


def test_a_payee_of_two_accounts_is_warned_of(olga, ask):
    ask("anna@example.com")
    number = ask("boris@example.com")
    assert "notice-loss" in olga.get(f"{LIST}/{number}").text


def test_why_it_failed_is_told_its_owner_whoever_looks(olga, shop, ask):
    number = ask("anna@example.com")
    step(olga, number, "approval")
    olga.post(f"{LIST}/batches")
    olga.post(f"{LIST}/batches/results", {"results": f"{number},failed,no such account"})
    assert "payee shown" not in olga.post(f"{LIST}/{number}/payee").text
    payout = settlement.find_payout(db.session, number)
    assert shop.count("SELECT count(*) FROM payout_event WHERE reason = 'payee shown'") == 1
    assert settlement.last_reasons(db.session, [payout.id]) == {payout.id: "no such account"}


@pytest.mark.parametrize("results", ["x" * 140_000, '"' + "x" * 140_000, "a,b\n" * 1001, ""])
def test_results_that_are_no_sheet_are_refused(olga, results):
    answer = olga.post(f"{LIST}/batches/results", {"results": results})
    assert answer.status_code == 422
    assert 'id="results-error"' in answer.text
