"""kill -9 in the middle of refunds and payout requests: each form is one entry, however often it is sent (F02)."""

import html
import random
import re
import threading
import time
from functools import partial
from urllib.parse import urlencode

import pytest
from flask import current_app

from app import accounts, ledger, settlement
from app.clock import DAY
from app.db import db, transaction
from tests.load.buyer import CUT, Buyer, all_at_once
from tests.server import Server
from tests.shop import Person

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("load")]
ROUNDS = 6
PEOPLE = 12
THREADS = 8


def signed_in(base, number, account_id, role, now):
    """A browser with a living session of the account."""
    token = transaction(accounts.open_session, account_id, role, now)
    app = current_app._get_current_object()
    serializer = app.session_interface.get_signing_serializer(app)
    browser = Buyer(base, number)
    browser.cookies[app.config["SESSION_COOKIE_NAME"]] = serializer.dumps({"_user_id": token, "_fresh": True})
    return browser


def fields(page):
    """The hidden fields of a page's forms, and the token."""
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'<input[^>]*name="(csrf_token|key)"[^>]*value="([^"]*)"', page.text)
    }


@pytest.fixture
def world(shop):
    """Distributors who have 10 yuan available each, and an order of each that can be refunded."""
    now = int(time.time())
    owner = shop.owner()
    people = []
    shop.now = now - 30 * DAY
    transaction(shop.product, "many", codes=PEOPLE * (ROUNDS + 1))
    for number in range(PEOPLE):
        person = shop.member(f"d{number}@example.com")
        row = {"method": "alipay", "name": "x", "account": f"138{number:08d}"}
        transaction(settlement.save_payee, person.account_id, now=shop.now, **row)
        shop.buy(Person(f"b{number}@example.com"), via=person, slug="many", address=f"10.9.{number}.1")
        people.append(person)
    shop.pass_days(30)
    shop.now = now
    return owner, people


def refundable_orders(shop, people, turn):
    return [
        shop.buy(Person(f"r{turn}-{number}@example.com"), via=person, slug="many", address=f"10.8.{turn}.{number}")
        for number, person in enumerate(people)
    ]


def send(browser, path, page, told):
    """Open a page and send its form; (the form's key, the status), or None when the server died on the way."""
    try:
        form = fields(browser.send("GET", page)) | told
        return form.get("key"), browser.send("POST", path, urlencode(form)).status
    except CUT:
        return None
    finally:
        browser.close()


def refunds(shop, base, turn, owner, placed):
    for number, order in enumerate(placed):
        browser = signed_in(base, 100 * turn + number, owner.account_id, "owner", shop.now)
        page, told = f"/admin/orders/{order.number}", {"amount": "40.00", "way": "hand", "reason": "test"}
        yield partial(send, browser, f"{page}/refunds", page, told)


def requests(shop, base, turn, people):
    for number, person in enumerate(people):
        browser = signed_in(base, 100 * turn + 50 + number, person.account_id, "buyer", shop.now)
        yield partial(send, browser, "/partner/payouts", "/partner/payouts", {"amount": "10.00"})


def assert_whole(shop):
    assert [finding.id for finding in ledger.check_books(db.session) if not finding.holds] == []
    db.session.rollback()
    assert shop.count("PRAGMA integrity_check") == "ok"


def test_no_refund_and_no_request_is_lost_or_doubled(shop, instance, database, world):
    owner, people = world
    chance = random.Random(3)
    cut = acknowledged = 0
    for turn in range(ROUNDS):
        placed = refundable_orders(shop, people, turn)
        with Server(instance, database) as server:
            acts = [*refunds(shop, server.base, turn, owner, placed), *requests(shop, server.base, turn, people)]
            order = chance.sample(range(len(acts)), len(acts))
            killer = threading.Timer(chance.uniform(0.1, 0.9), server.kill)
            killer.start()
            found = all_at_once([acts[index] for index in order], threads=THREADS)
            killer.join()
        answers = [found[order.index(index)] for index in range(len(acts))]
        cut += sum(answer is None for answer in answers)
        assert_whole(shop)
        assert {answer[1] for answer in answers if answer} <= {303, 500, 503}
        for sale, answer in zip(placed, answers, strict=False):
            made = shop.count("SELECT count(*) FROM refund WHERE order_id = :id", id=shop.order_id(sale))
            assert made == 1 if answer and answer[1] == 303 else made <= 1
        for person, answer in zip(people, answers[len(placed) :], strict=True):
            pending_fen = shop.wallet(person).pending_fen
            db.session.rollback()
            assert pending_fen == 1000 if answer and answer[1] == 303 else pending_fen in (0, 1000)
        acknowledged += sum(answer is not None and answer[1] == 303 for answer in answers)
        _let_go(shop)
    # Kills before the first or after the last answer prove little.
    assert cut
    assert acknowledged


def _let_go(shop):
    """Cancel what was asked for, so that the next round asks again."""
    numbers = db.session.scalars(db.text("SELECT number FROM payout WHERE state = 'requested'")).all()
    db.session.rollback()
    for number in numbers:
        transaction(settlement.cancel_payout, number, actor="account:1", now=shop.now)
    assert (
        shop.count("SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account LIKE 'liab:payout_pending:%'") == 0
    )
