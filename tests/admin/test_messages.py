"""The log of messages: what was told to whom, what failed and why, and once more by a button."""

import pytest

from app import clock, outbox, trade, wording
from app.db import db, transaction
from tests.fakes.letter_box import Mailbox
from tests.outbox.conftest import mail_settings, open_outlet
from tests.settlement import test_plans
from tests.shop import Person
from tests.test_query_counts import counted

PAGE = "/admin/messages"


@pytest.fixture
def mailbox():
    with Mailbox() as running:
        yield running


@pytest.fixture
def work(shop):
    def run(now=None):
        with clock.frozen(now or shop.now):
            while transaction(trade.announce, now or shop.now):
                pass
            trade.post_letters(now or shop.now, wording.write)

    return run


def test_an_empty_log_says_what_comes(olga):
    assert 'href="/admin/outlets/new' in olga.get(PAGE).text


def test_a_letter_that_died_is_shown_at_home_and_sent_again(olga, shop, mailbox, work):
    open_outlet("mail", mail_settings(mailbox))
    mailbox.answer = "554 no"
    shop.buy(Person("bao@example.com"))
    work()
    assert f"{PAGE}?state=failed" in olga.get("/admin").text
    page = olga.get(f"{PAGE}?state=failed").text
    assert "the server answers 554" in page
    assert "bao@example.com" not in page
    [letter], _ = outbox.list_letters(db.session)
    mailbox.answer = "250 taken"
    answer = olga.post(f"{PAGE}/{letter.number}/retries", page=PAGE)
    assert answer.status_code == 303
    work()
    assert len(mailbox.mails) == 1
    assert f"{PAGE}?state=failed" not in olga.get("/admin").text
    # What was sent is not sent once more.
    olga.post(f"{PAGE}/{letter.number}/retries", page=PAGE)
    work()
    assert len(mailbox.mails) == 1
    assert olga.post(f"{PAGE}/NOTHING/retries", page=PAGE).status_code == 404


def test_it_tells_the_merchant_elsewhere_that_a_mail_died(shop, mailbox, work):
    open_outlet("mail", mail_settings(mailbox))
    mailbox.answer = "554 no"
    open_outlet("bark", {"key": "0123456789abcdef", "address": "http://127.0.0.1:9", "events": ["message.failed"]})
    shop.buy(Person("bao@example.com"))
    work()
    work()
    letters, _ = outbox.list_letters(db.session)
    assert [(letter.event, letter.state) for letter in letters] == [
        ("message.failed", "pending"),
        ("order.delivered", "failed"),
    ]


def test_pages_follow_one_another(olga, shop, mailbox, work):
    open_outlet("mail", mail_settings(mailbox))
    transaction(shop.product, "many", codes=40)
    for number in range(32):
        shop.buy(Person(f"buyer{number}@mail{number}.example"), slug="many", address=f"192.0.2.{number + 1}")
    work()
    first = olga.get(PAGE).text
    assert first.count('scope="row"') == 30
    following = first.split('href="/admin/messages?before=')[1].split('"')[0]
    assert olga.get(f"{PAGE}?before={following}").text.count('scope="row"') == 2
    assert olga.get(f"{PAGE}?state=sent").text.count('scope="row"') == 30
    for crooked in ("?state=x", "?before=x", "?before=1"):
        assert olga.get(f"{PAGE}{crooked}").status_code == 200


@pytest.mark.parametrize("state", [None, "sent", "failed"])
def test_no_list_and_no_job_reads_a_growing_table_whole(shop, mailbox, work, monkeypatch, state):
    monkeypatch.setattr(test_plans, "GROWING", ("message", "letter", "orders", "order_line", "card", "identity"))
    open_outlet("mail", mail_settings(mailbox))
    shop.buy(Person("bao@example.com"))
    with counted(parameters=True) as statements:
        work()
        outbox.list_letters(db.session, state=state, before=9)
        outbox.has_dead_letters(db.session)
    assert any("letter" in statement for statement, _ in statements)
    assert test_plans.scanned(statements) == []
