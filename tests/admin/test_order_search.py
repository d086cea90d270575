"""Orders are found by whatever somebody has in hand, lists go out as files, and one order tells its whole story."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest

from app import clock, orders, payments, stock
from app.db import db, transaction
from app.sheet import MARK
from tests.admin.conftest import PASSWORD
from tests.conftest import NOW
from tests.settlement import test_plans
from tests.shop import KEY, Person
from tests.test_query_counts import counted
from tests.visitor import Visitor

LIST = "/admin/orders"


@pytest.fixture
def two(shop):
    """Clara paid; Dan did not, and wants something else."""
    transaction(shop.product, "other", codes=3)
    clara = shop.buy(Person("clara@example.com"))
    return clara, shop.place(Person("dan@example.com"), slug="other", address="192.0.2.9")


def found(olga, query):
    return olga.get(f"{LIST}?{query}").text


@pytest.mark.both_databases
def test_it_is_found_by_what_somebody_has_in_hand(olga, two, shop):
    clara, dan = two
    code = stock.codes_of_order(db.session, shop.order_id(clara))[0]
    for words in (
        clara.number,
        clara.number.lower(),
        "Clara@example.com",
        clara.payment_number,
        "T00000001",
        code,
    ):
        text = found(olga, f"q={words}")
        assert clara.number in text, words
        assert dan.number not in text, words
    assert dan.number in found(olga, "q=other")
    assert clara.number not in found(olga, "q=other")
    for nothing in ("q=nothing-is-called-so", "q=' OR 1=1 --", "q=%25", "q=PS-9999"):
        text = found(olga, nothing)
        assert clara.number not in text
        assert dan.number not in text


@pytest.mark.both_databases
def test_filters_stay_in_the_address(olga, two, shop):
    clara, dan = two
    shop.refund(clara, 100)
    day = datetime.fromtimestamp(shop.now).strftime("%Y-%m-%d")
    for query, there, gone in (
        ("state=refunded", clara, dan),
        ("state=pending", dan, clara),
        (f"state=paid&since={day}&until={day}", clara, dan),
    ):
        text = found(olga, query)
        assert there.number in text, query
        assert gone.number not in text, query
    assert clara.number not in found(olga, "since=2030-01-01")
    assert clara.number in found(olga, "since=1&until=x&state=1'")
    assert 'name="since" value="2030-01-01"' in found(olga, "since=2030-01-01")


@pytest.mark.both_databases
def test_it_is_narrowed_by_channel_and_by_who_brought_it(olga, shop):
    settings = {"merchant_id": "1001", "key": KEY}
    transaction(
        payments.create_channel, slug="other", gateway="sandbox", name="二号", settings=settings, enabled=True, now=NOW
    )
    anna = shop.member("anna@example.com")
    clara = shop.buy(Person("clara@example.com"), via=anna)
    dan = shop.place(Person("dan@example.com"), channel="other", address="192.0.2.9")
    eve = shop.buy(Person("eve@example.com"), via=anna, address="192.0.2.8")
    pid = shop.node(anna).pid
    for query, there, gone in (
        ("channel=other", (dan,), (clara, eve)),
        ("channel=sandbox&state=paid", (clara, eve), (dan,)),
        (f"upline={pid.lower()}", (clara, eve), (dan,)),
        (f"upline={pid}&channel=sandbox&q=ps", (clara, eve), (dan,)),
        (f"upline={pid}&channel=other", (), (clara, dan, eve)),
        ("channel=nothing", (), (clara, dan, eve)),
        ("upline=0000000000000000", (), (clara, dan, eve)),
    ):
        text = found(olga, query)
        told = [one for one in (clara, dan, eve) if f"/admin/orders/{one.number}" in text]
        assert all(one in there and one not in gone for one in told), query
        assert len(told) == len(there), query
    assert f'name="upline" value="{pid}"' in found(olga, f"upline={pid}")


@pytest.mark.parametrize("by", ["channel", "upline", "both"])
def test_what_narrows_leads_through_an_index(shop, by, monkeypatch):
    monkeypatch.setattr(test_plans, "GROWING", ("orders", "payment", "attribution"))
    lead, uplines = payments.orders_through(1), [1]
    wanted = {"channel": {"lead": lead}, "upline": {"upline_ids": uplines}}
    asked = orders.Wanted(**wanted.get(by, {"lead": lead, "upline_ids": uplines}))
    with counted(parameters=True) as statements:
        orders.search_orders(db.session, asked, before=99)
    db.session.rollback()
    assert test_plans.scanned(statements) == []
    with db.engine.connect() as connection:
        plan = [
            row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statements[0][0]}", statements[0][1])
        ]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
    assert ("ix_payment_channel" if by == "channel" else "ix_attribution_l1") in plan[0], plan


def test_a_list_leaves_as_a_file_that_computes_nothing(olga, two, shop):
    clara, _dan = two
    transaction(lambda tx: tx.exec_driver_sql("UPDATE order_line SET title = '=cmd|calc' WHERE id = 1"))
    answer = olga.post("/admin/exports/orders?state=paid")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix(MARK))))
    assert len(rows) == 2
    assert (rows[1][0], rows[1][2], rows[1][5]) == (clara.number, "'=cmd|calc", "100.00")
    assert "clara@example.com" not in answer.text
    numbers = shop.count("SELECT trade_number || ' ' || number FROM payment WHERE state = 'paid'").split()
    assert rows[1][12:] == numbers
    book = openpyxl.load_workbook(io.BytesIO(olga.post("/admin/exports/orders?kind=xlsx").data))
    sheet = list(book.active.iter_rows(values_only=True))
    assert len(sheet) == 3
    assert (sheet[2][2], sheet[2][5]) == ("=cmd|calc", 100)
    assert book.active["C3"].data_type == "s"
    assert isinstance(sheet[2][8], datetime)
    db.session.rollback()
    told = (
        db.session.execute(db.text("SELECT now FROM audit_entry WHERE act = 'order.export' ORDER BY id"))
        .scalars()
        .all()
    )
    assert told == ['{"kind":"csv","state":"paid"}', '{"kind":"xlsx"}']


def test_an_export_is_read_page_by_page(olga, shop, monkeypatch):
    monkeypatch.setattr("app.admin.exporting.PAGE", 3)
    for number in range(7):
        shop.buy(Person(f"b{number}@example.com"), address=f"192.0.2.{number}")
    rows = list(csv.reader(io.StringIO(olga.post("/admin/exports/orders").text.removeprefix(MARK))))
    assert len({row[0] for row in rows[1:]}) == 7


def test_one_order_tells_its_story_and_keeps_notes(olga, two, shop):
    clara, _dan = two
    path = f"{LIST}/{clara.number}"
    assert olga.post(f"{path}/notes", {"text": ""}).status_code == 422
    assert olga.post(f"{path}/notes", {"text": "<b>calls again</b>\nat nine"}).status_code == 303
    shop.refund(clara, 100)
    text = olga.get(path).text
    story = text[text.index('id="story"') :]
    assert "&lt;b&gt;calls again&lt;/b&gt;" in story
    assert "<b>calls" not in text
    for word in ("T00000001", "¥100.00", "¥1.00", "o…a@example.com"):
        assert word in story, word
    assert story.count("timeline-moment") >= 6


def test_a_contact_is_masked_and_shown_to_who_asks_and_may(app, olga, two, shop):
    path = f"{LIST}/{two[0].number}"
    for page in (LIST, path):
        text = olga.get(page).text
        assert "clara@example.com" not in text
        assert "c…a@example.com" in text
    assert "clara@example.com" in olga.post(f"{path}/contact").text
    assert "Contact shown whole" in olga.get(f"{path}?lang=en").text
    with clock.frozen(NOW + 600):
        assert "clara@example.com" not in olga.post(f"{path}/contact").text
    shop.owner("finn@example.com", PASSWORD, role="finance")
    finn = Visitor(app)
    finn.post("/login", {"contact": "finn@example.com", "password": PASSWORD}, page="/login")
    assert finn.post(f"{path}/contact").status_code == 403
