"""The merchant's first page: what needs a hand, the figures, and the first steps."""

import re

import pytest

from app import orders, trade
from app.db import db, transaction
from tests.conftest import NOW
from tests.shop import Person
from tests.test_query_counts import cost

CLARA = Person("clara@example.com")


def test_an_empty_shop_says_what_to_do_first(shop, olga):
    html = olga.get("/admin").text
    assert "2 / 8" in html or "2 of 8" in html
    assert 'href="/admin/channels"' in html


def test_the_first_steps_are_put_away_and_brought_back(shop, olga):
    assert olga.post("/admin/checklists/dismissals", page="/admin").status_code == 303
    assert "checklists/dismissals" not in olga.get("/admin").text
    assert olga.post("/admin/checklists", page="/admin/settings").status_code == 303
    assert "checklists/dismissals" in olga.get("/admin").text
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'setting.update'") == 2


def test_they_tick_themselves_and_are_gone_once_all_are_done(shop, olga):
    done = {
        "INSERT INTO shop_text (kind, version, zh, en, saved_at) VALUES ('terms', 1, 'x', 'x', 1)",
        "UPDATE channel SET gateway = 'epay', tested_at = 1",
    }
    with db.engine.connect().execution_options(write=True) as tx, tx.begin():
        for one in done:
            tx.exec_driver_sql(one)
    assert len(re.findall("step-done", olga.get("/admin").text)) == 4


@pytest.mark.both_databases
def test_what_waits_is_shown_the_most_urgent_first(shop, olga):
    shop.member("anna@example.com")
    placed = shop.buy(CLARA)
    transaction(trade.complain, shop.order_id(placed), claim="x", wanted_fen=5000, actor="buyer", now=NOW)
    shop.refund(shop.buy(Person("dan@example.com"), address="192.0.2.9"), 1000, done=False)
    paid = shop.place(Person("emma@example.com"), address="192.0.2.8")
    shop.pay(paid)
    shop.pay(paid, trade_number="T-AGAIN")
    html = olga.get("/admin").text
    found = re.findall(r'id="queue-([a-z]+)"', html)
    assert found == ["strays", "disputes", "refunds"]


def test_figures_are_net_of_refunds_and_for_those_who_may_see_them(app, shop, olga):
    shop.refund(shop.buy(CLARA), 2500)
    html = olga.get("/admin").text
    assert re.search(r"</span>75<span class=\"money-cents\">\.00", html)
    assert "<svg" in html
    assert html.count('role="img"') == 1
    assert orders.read_overview(db.session, NOW).today.net_fen == 7500


def test_it_costs_few_statements(shop, olga):
    shop.buy(CLARA)
    assert cost(olga, "/admin")[0] <= 10
