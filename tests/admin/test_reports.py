"""/admin/reports and strict mode: what was counted is shown with its time, asked for once, and switched with its figures."""

import csv
import io

from app import referral, trade
from app.db import db, transaction
from tests.conftest import NOW

MONTH = referral.period_of(NOW)


def count(shop):
    with db.engine.connect() as connection:
        inputs = trade.measure(connection, MONTH)
    return transaction(trade.report, MONTH, inputs, shop.now)


def test_it_says_that_nothing_was_counted_and_queues_it_once(olga, shop):
    assert MONTH in olga.get("/admin/reports").text
    for _ in range(2):
        assert olga.post("/admin/reports", {"period": MONTH}).status_code == 303
    assert shop.count("SELECT count(*) FROM compliance_report") == 1
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'report.ask'") == 1
    assert olga.post("/admin/reports", {"period": "9999-99"}).status_code == 422


def test_it_shows_the_stored_one_and_counts_nothing_itself(olga, shop):
    upper = shop.member("a@example.com")
    shop.buy(shop.member("b@example.com", via=upper))
    report = count(shop)
    assert "¥95.00" in olga.get("/admin/reports").text
    shop.buy(shop.member("c@example.com", via=upper))
    assert "¥95.00" in olga.get(f"/admin/reports?period={MONTH}").text
    rows = list(csv.reader(io.StringIO(olga.post(f"/admin/reports/{report.id}/sheet").text.removeprefix("\ufeff"))))
    assert rows[1][1] == MONTH
    assert rows[2][1] == "¥95.00"
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'report.export'") == 1
    assert olga.post("/admin/reports/999/sheet").status_code == 404


def test_strict_mode_is_switched_with_an_entry(olga, shop):
    count(shop)
    assert MONTH in olga.get("/admin/strictness").text
    assert olga.post("/admin/strictness", {"strict_mode": "y"}).status_code == 303
    db.session.rollback()
    assert shop.settings.strict_mode is True
    assert olga.post("/admin/strictness", {}).status_code == 303
    db.session.rollback()
    assert shop.settings.strict_mode is False
    assert shop.count("SELECT count(*) FROM audit_entry WHERE subject = 'setting:strictness'") == 2
