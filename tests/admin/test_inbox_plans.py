"""What the inbox, the queue, the list of askings and a statement ask the database is answered by an index."""

import pytest

from app import payments, trade
from app.db import db, transaction
from app.payments import NoticeSearch
from app.payments.bill_file import BillFile, BillRow
from tests.settlement import test_plans
from tests.shop import Person
from tests.test_query_counts import counted

GROWING = (
    "notice",
    "stray",
    "payment",
    "orders",
    "notice_decision",
    "bill",
    "bill_difference",
    "delivery_event",
    "card",
)


@pytest.fixture
def told(shop, monkeypatch):
    monkeypatch.setattr(test_plans, "GROWING", GROWING)
    placed = shop.buy(Person("clara@example.com"))
    shop.pay(placed)
    shop.place(Person("dan@example.com"), address="198.51.100.9")
    return placed


def bill(shop):
    return BillFile((BillRow("T1", "", 100, shop.now - 1), BillRow("T2", "", 100, shop.now + 1)), ())


@pytest.mark.parametrize(
    "act",
    [
        "verdict",
        "channel",
        "payment",
        "order",
        "trade",
        "before",
        "queue",
        "one",
        "order's",
        "due",
        "unpaid",
        "bill",
        "differs",
    ],
)
def test_no_page_reads_a_growing_table_whole(shop, told, act):
    session, find = db.session, payments.search_notices
    acts = {
        "verdict": lambda: find(session, NoticeSearch(verdict="accepted")),
        "channel": lambda: find(session, NoticeSearch(channel_id=1)),
        "payment": lambda: find(session, NoticeSearch(told.payment_number)),
        "order": lambda: find(session, NoticeSearch(told.number)),
        "trade": lambda: find(session, NoticeSearch("T1"), before=99),
        "before": lambda: find(session, NoticeSearch(), before=99),
        "queue": lambda: payments.list_strays(session, before=99),
        "one": lambda: payments.decisions_of_notice(session, 1) + [payments.stray_of_notice(session, 1)],
        "order's": lambda: payments.strays_of_order(session, 1),
        "due": lambda: payments.due_queries(session, 1, shop.now + 30, 20),
        "unpaid": lambda: list(payments.unpaid_since(session, shop.now - 99)),
        "bill": lambda: payments.compare(session, 1, bill(shop)),
        "differs": lambda: payments.differences_of(session, 1),
    }
    with counted(parameters=True) as statements:
        acts[act]()
    session.rollback()
    assert statements
    assert test_plans.scanned(statements) == []


def test_neither_does_a_callback(shop, told):
    query = shop.notice(shop.place(Person("eve@example.com"), address="198.51.100.8"))
    with counted(parameters=True) as statements:
        shop.deliver(query)
        shop.deliver(query)
        shop.pay(told)
        transaction(trade.expire, shop.now)
    assert len(statements) > 20
    assert test_plans.scanned(statements) == []
