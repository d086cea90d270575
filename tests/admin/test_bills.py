"""Statements at the desk: what differs is listed and kept, in either direction, and nothing is booked."""

import io
import re

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import payments
from app.db import db, transaction
from app.money import yuan
from tests.shop import Person
from tests.test_query_counts import cost

pytestmark = pytest.mark.both_databases
HEAD = "交易号,商户订单号,金额,完成时间\n"
TIME = "2026-09-21 22:13:20"


@pytest.fixture
def send(olga):
    def send(text, *, name="对账.csv", channel="sandbox"):
        data = text if isinstance(text, bytes) else text.encode()
        token = olga.token("/admin/statements")
        sent = FileStorage(io.BytesIO(data), name)
        boundary, body = encode_multipart({"csrf_token": token, "channel": channel, "file": sent})
        kind = f"multipart/form-data; boundary={boundary}"
        return olga._send("POST", "/admin/statements", data=body, content_type=kind)

    return send


@pytest.fixture
def paid(shop):
    """Three orders that were paid, T1 to T3."""
    found = [shop.place(Person(f"p{number}@example.com"), address=f"198.51.{number}.1") for number in (1, 2, 3)]
    for number, placed in enumerate(found, 1):
        shop.pay(placed, trade_number=f"T{number}")
    return found


def line(trade_number, fen=10000, number="", time=TIME):
    return f"{trade_number},{number},{yuan(fen)},{time}\n"


def differences():
    rows = db.session.execute(
        db.text("SELECT kind, trade_number, their_fen, our_fen FROM bill_difference ORDER BY id")
    ).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def test_what_differs_is_listed(olga, send, shop, paid):
    answer = send(HEAD + line("T1") + line("T2", 9999) + line("T9", 5000, "P9"))
    assert answer.status_code == 303
    assert differences() == [
        ("amount", "T2", 9999, 10000),
        ("not_here", "T9", 5000, None),
        ("not_there", "T3", None, 10000),
    ]
    page = olga.get(answer.location).text
    assert re.search(r"\bT9\b", page)
    assert not re.search(r"\bT1\b", page)
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == 3


def test_money_in_the_queue_is_known(send, shop, paid):
    shop.pay(paid[0], trade_number="T-TWICE")
    send(HEAD + "".join(line(f"T{number}") for number in (1, 2, 3)) + line("T-TWICE"))
    assert differences() == []


def test_what_lies_outside_of_its_time_is_not_missed(send, paid):
    send(HEAD + line("T9", time="2026-09-20 12:00:00"))
    assert [kind for kind, *_ in differences()] == ["not_here"]


def test_without_times_it_says_what_it_cannot_find(olga, send, paid):
    answer = send("交易号,金额\nT9,1.00\n")
    assert [kind for kind, *_ in differences()] == ["not_here"]
    assert "notice-held" in olga.get(answer.location).text


def test_another_channels_payments_are_none_of_it(send, shop, paid):
    settings = shop.channel.settings | {"merchant_id": "2"}
    transaction(
        payments.create_channel, slug="two", gateway="sandbox", name="二", settings=settings, enabled=True, now=shop.now
    )
    send(HEAD + line("T1"), channel="two")
    assert differences() == [("not_here", "T1", 10000, None)]


@pytest.mark.parametrize("data", [b"", b"no,statement\n", b"\xff\xfe\xfd"])
def test_what_is_no_statement_is_refused_beside_the_file(send, shop, data):
    answer = send(data)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert shop.count("SELECT count(*) FROM bill") == 0


def test_no_file_and_no_channel(olga, send):
    answer = olga.post("/admin/statements", {"channel": "sandbox"}, page="/admin/statements")
    assert (answer.status_code, 'id="file-error"' in answer.text) == (422, True)
    assert send(HEAD, channel="nosuch").status_code == 422


def test_a_file_may_be_larger_than_a_form_and_not_without_end(send, shop):
    rows = "".join(line(f"L{number}", 100, "P" * 30) for number in range(20_000))
    assert len(HEAD + rows) > 1_048_576
    assert send(HEAD + rows).status_code == 303
    assert shop.count("SELECT differences FROM bill") == 20_000
    assert send(b"x" * (6 * 1024 * 1024)).status_code == 413


def test_names_of_files_are_inert(olga, send):
    answer = send(HEAD + line("T1"), name="<img src=x onerror=alert(1)>.csv")
    assert "<img src=x" not in olga.get(answer.location).text
    assert "<img src=x" not in olga.get("/admin/statements").text


def test_a_page_costs_the_same_however_much_differs(olga, send):
    few = send(HEAD + line("T1")).location
    many = send(HEAD + "".join(line(f"M{number}") for number in range(100))).location
    assert cost(olga, few)[0] == cost(olga, many)[0] <= 9
