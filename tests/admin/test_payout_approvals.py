"""Several payouts at once: what will be approved with its sum, who is refused and why, and twice is once."""

import re

import pytest

from app import settlement, trade
from app import shop as shop_room
from app.clock import DAY, HOUR
from app.db import db, transaction
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases
PAGE = "/admin/payouts/approvals"


@pytest.fixture
def ask(shop):
    """Let somebody ask for 10 yuan, and tell the payout's number."""

    def act(name, account):
        today, shop.now = shop.now, shop.now - 10 * DAY
        person = shop.member(f"{name}@example.com")
        shop.buy(Person(f"buyer-of-{name}@example.com"), via=person)
        shop.now = today
        row = {"method": "alipay", "name": name, "account": account}
        transaction(settlement.save_payee, person.account_id, now=shop.now - 73 * HOUR, **row)
        told = {"actor": "account:9", "now": shop.now}
        return person, transaction(settlement.request_payout, person.account_id, 1000, shop.settings, **told)

    return act


def state(shop, number):
    return shop.count("SELECT state FROM payout WHERE number = :number", number=number)


def seal(text):
    return re.search(r'name="seen" value="([^"]+)"', text)[1]


def test_it_says_what_it_approves_and_whom_it_refuses(olga, shop, ask):
    (_, good), (odd, stopped) = ask("anna", "13800138000"), ask("boris", "13900139000")
    twins = [ask("dora", "13700137000")[1], ask("egon", "13700137000")[1]]
    transaction(trade.suspend, shop.node(odd).id, reason="x", actor="account:1", now=shop.now)
    numbers = [good, stopped, *twins]
    text = olga.get(PAGE + "/new", query_string={"number": numbers}).text
    assert seal(text) == "1-1000-1000"
    assert {state(shop, number) for number in numbers} == {"requested"}
    form = {"number": numbers, "seen": seal(text)}
    assert olga.post(PAGE, form).location.endswith("approved=1")
    assert [state(shop, number) for number in numbers] == ["approved", "requested", "requested", "requested"]
    assert olga.post(PAGE, form).status_code == 409
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'payout.approval'") == 1
    assert shop.count("SELECT count(*) FROM payout_event WHERE state = 'approved'") == 1


def test_it_refuses_what_was_not_shown(olga, shop, ask):
    numbers = [ask("anna", "13800138000")[1], ask("boris", "13900139000")[1]]
    seen = seal(olga.get(PAGE + "/new", query_string={"number": numbers[:1]}).text)
    assert olga.post(PAGE, {"number": numbers, "seen": seen}).status_code == 409
    assert {state(shop, number) for number in numbers} == {"requested"}


def test_a_large_one_wants_somebody_else_to_be_there(olga, shop, ask):
    number = ask("anna", "13800138000")[1]
    transaction(shop_room.change_settings, payout_second_admin_fen=999)
    assert "seen" not in olga.get(PAGE + "/new", query_string={"number": number}).text
    shop.owner("otto@example.com", role="finance")
    assert seal(olga.get(PAGE + "/new", query_string={"number": number}).text) == "1-1000-1000"


def test_nothing_ticked_is_told(olga):
    assert olga.get(PAGE + "/new").location.endswith("nothing=ticked")
    assert olga.post(PAGE, {}).status_code == 303


def test_two_at_the_same_moment_approve_once(app, shop, ask):
    owner = shop.owner("olga2@example.com")
    numbers = [ask("anna", "13800138000")[1], ask("boris", "13900139000")[1]]
    told = {"seen": "2-2000-2000", "by": owner.account_id, "settings": shop.settings, "now": shop.now}
    outcomes = at_once(
        app,
        [
            lambda order=order: transaction(settlement.approve_payouts, order, **told)
            for order in (numbers, numbers[::-1])
        ],
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["Several", "Unseen"]
    db.session.rollback()
    assert shop.count("SELECT count(*) FROM payout_event WHERE state = 'approved'") == 2
