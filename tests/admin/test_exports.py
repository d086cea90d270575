"""/admin/exports/…: each list leaves as a file, as it is narrowed, for those who may read it; nothing in it computes."""

import csv
import io
import re

import pytest

from app import settlement
from app.db import db, transaction
from app.sheet import MARK
from tests.admin.conftest import PASSWORD
from tests.shop import Person
from tests.trade.disputing import Case
from tests.visitor import Visitor

# Each list, and the page that has its button.
PAGES = (
    "audit",
    "batches",
    "claims",
    "disputes",
    "flags",
    "messages",
    "nodes",
    "notices",
    "orders",
    "payouts",
    "products",
)


@pytest.fixture
def story(shop, monkeypatch):
    """Anna earned twice and was given a bad name; somebody asked for a payout."""
    monkeypatch.setattr("app.admin.exporting.PAGE", 2)
    anna = shop.member("anna@example.com")
    for number in range(3):
        shop.buy(Person(f"b{number}@example.com"), via=anna, address=f"192.0.2.{number}")
    shop.deliver(shop.notice(shop.place(Person("dan@example.com"), address="192.0.2.9"), money="1.00"))
    transaction(lambda tx: tx.exec_driver_sql("UPDATE product SET title = '=cmd|calc'"))
    return anna


def sheet(browser, address):
    answer = browser.post(f"/admin/exports/{address}")
    assert answer.status_code == 200, address
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix(MARK))))[1:]


@pytest.mark.both_databases
def test_each_list_leaves_whole_and_as_it_is_narrowed(olga, shop, story):
    pid = shop.node(story).pid
    assert [row[0] for row in sheet(olga, "products?state=published")] == ["'=cmd|calc"]
    assert sheet(olga, "products?state=archived") == []
    people = sheet(olga, "nodes?sort=newest")
    assert len(people) == shop.count("SELECT count(*) FROM node")
    assert [row[8] for row in people if row[0] == pid] == ["30.00"]
    assert [row[0] for row in sheet(olga, f"nodes?q={pid}")] == [pid]
    assert [(row[4], row[5]) for row in sheet(olga, f"postings?pid={pid}&bucket=held")] == [
        ("10.00", balance) for balance in ("30.00", "20.00", "10.00")
    ]
    assert [(row[6], row[7]) for row in sheet(olga, f"commissions?pid={pid}&state=held")] == [("10.00", "10.00")] * 3
    Case(shop, shop.buy(Person("eve@example.com"), address="192.0.2.7"), wanted_fen=100)
    assert [row[4] for row in sheet(olga, "disputes")] == ["1.00"]
    assert sheet(olga, "disputes?state=final") == []
    assert [row[3] for row in sheet(olga, "batches?product=1")] == ["20"]
    assert (sheet(olga, "batches?q=nothing"), sheet(olga, "claims"), sheet(olga, "flags")) == ([], [], [])
    assert len(sheet(olga, "messages")) == shop.count("SELECT count(*) FROM letter")
    assert len(sheet(olga, "notices")) == 5
    assert [row[7] for row in sheet(olga, "notices?verdict=accepted")] == ["100.00"] * 4
    assert len(sheet(olga, "notices?queue=1")) == shop.count("SELECT count(*) FROM stray")
    assert sheet(olga, "payouts?state=paid") == []
    # What was exported so far stands in the log, and so does each of these.
    exported = sheet(olga, "entries?act=posting.export")
    assert [(row[5].count(pid), "csv" in row[5]) for row in exported] == [(2, True)]
    assert all("olga@example.com" not in cell for row in sheet(olga, "entries") for cell in row)
    assert len(sheet(olga, "entries?act=entry.export")) == 3
    db.session.rollback()


def test_a_payout_leaves_without_its_payee(olga, shop, story):
    shop.pass_days(8)
    payee = {"method": "alipay", "account": "13800138000", "name": "李雷"}
    transaction(settlement.save_payee, story.account_id, now=shop.now - 73 * 3600, **payee)
    settings = shop.settings
    asked = {"actor": "account:9", "now": shop.now}
    number = transaction(settlement.request_payout, story.account_id, 1000, settings, **asked)
    rows = sheet(olga, "payouts?state=requested")
    assert [(row[0], row[2]) for row in rows] == [(number, "10.00")]
    assert not [cell for cell in rows[0] if "138" in cell or "李雷" in cell]


def test_the_buttons_stand_on_each_list_and_lead_there(olga, story, shop):
    for page in (*PAGES, *(f"nodes/{shop.node(story).pid}/{noun}" for noun in ("commissions", "postings"))):
        action = re.search(r'action="(/admin/exports/[^"]+)"', olga.get(f"/admin/{page}").text)
        assert action, page
        address = action[1].replace("&amp;", "&")
        assert olga.post(f"{address}{'&' if '?' in address else '?'}kind=xlsx").data[:2] == b"PK", page


def test_whoever_may_not_read_a_list_does_not_get_it(app, shop, story):
    shop.owner("finn@example.com", PASSWORD, role="finance")
    finn = Visitor(app)
    finn.post("/login", {"contact": "finn@example.com", "password": PASSWORD}, page="/login")
    assert finn.post("/admin/exports/payouts").status_code == 200
    assert finn.post("/admin/exports/entries").status_code == 404
    assert finn.post("/admin/exports/postings?pid=nobody").status_code == 404
    assert finn.get("/admin/exports/payouts").status_code == 405
