"""The audit log as it is read: filters, pages, what changed; and whether anybody changed it behind the shop (D07)."""

import re
from html import unescape

import pytest

from app import audit
from app.audit import Filter, Who
from app.db import db, transaction
from tests import journey
from tests.admin.conftest import PASSWORD
from tests.conftest import NOW
from tests.test_query_counts import counted
from tests.visitor import Visitor

DAY = 86400


def write(number, act="product.update", account_id=1, at=NOW, **values):
    who = Who(account_id, "203.0.113.9", "Mozilla/5.0", "request", at)
    return transaction(audit.record, who, act, f"product:{number}", **values)


@pytest.mark.both_databases
def test_it_says_who_did_what_and_what_it_was(olga):
    write(7, was={"price_fen": 1000, "title": "<b>old</b>"}, now={"price_fen": 1250, "title": "new"}, reason="sale")
    page = olga.get("/admin/audit").text
    for part in (
        "商品：已修改",
        "¥10.00",
        "¥12.50",
        "&lt;b&gt;old&lt;/b&gt;",
        "sale",
        "203.0.113.9",
        "o…a@example.com",
    ):
        assert part in page, part
    assert 'href="/admin/products/7/edit"' in page
    assert "<b>old" not in page


@pytest.mark.both_databases
def test_filters_stay_in_the_address(olga, shop):
    anna = shop.owner("anna@example.com", role="manager").account_id
    write(1, at=NOW - 3 * DAY)
    write(2, "product.create", account_id=anna)
    write(12, account_id=None)

    def numbers(query):
        return re.findall(r"<code>product:(\d+)</code>", olga.get(f"/admin/audit?{query}").text)

    assert numbers("") == ["12", "2", "1"]
    assert numbers(f"who={anna}") == ["2"]
    assert numbers("who=0&subject=product") == ["12"]
    assert numbers("act=product.update") == ["12", "1"]
    assert numbers("subject=product:1") == ["1"]
    assert numbers("until=2026-09-20&subject=product") == ["1"]
    for odd in ("who=１", "who=99999999999999999999", "since=x&until=2026-13-45", "subject=%25", "before=1", "act=%00"):
        assert olga.get(f"/admin/audit?{odd}").status_code in (200, 400)
    assert 'value="2026-09-20"' in olga.get("/admin/audit?until=2026-09-20").text


def test_a_page_costs_the_same_however_long_the_log_is(olga):
    def cost(path):
        olga.get(path)
        with counted() as statements:
            assert olga.get(path).status_code == 200
        return len(statements)

    write(0)
    few = cost("/admin/audit")
    for number in range(70):
        write(number)
    assert few == cost("/admin/audit") <= 10
    seen, path = [], "/admin/audit?subject=product"
    while path:
        page = olga.get(path).text
        seen += re.findall(r"<code>product:(\d+)</code>", page)
        following = re.search(r'href="(/admin/audit\?[^"]*before=[^"]+)"', page)
        path = unescape(following.group(1)) if following else None
    assert len(seen) == 71


def test_it_verifies_and_says_what_is_broken(olga, shop):
    write(1)
    write(2)
    assert olga.post("/admin/audit/verifications").status_code == 303
    assert "逐条核对无误" in olga.get("/admin/audit").text
    count = shop.count("SELECT max(id) FROM audit_entry")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_refuses_delete")
        connection.exec_driver_sql("DELETE FROM audit_origin WHERE entry_id > 1")
        connection.exec_driver_sql("DELETE FROM audit_entry WHERE id > 1")
    with db.engine.connect() as connection:
        assert audit.verify_chain(connection).broken is None
        assert audit.examine(connection).broken.entry_id == 2
    assert count > 2
    assert olga.post("/admin/audit/verifications").status_code == 303
    assert "notice-loss" in olga.get("/admin/audit").text


def test_a_manager_reads_it_and_support_does_not(app, shop):
    for role, status in (("manager", 200), ("support", 403), ("finance", 403)):
        shop.owner(f"{role}@example.com", PASSWORD, role=role)
        assert journey.log_in(Visitor(app), f"{role}@example.com", PASSWORD).get("/admin/audit").status_code == status


def test_wrong_log_ins_are_one_entry_and_the_owner_hears_of_them(app, olga, shop):
    for number in range(8):
        guess = {"contact": "olga@example.com", "password": f"guess number {number}"}
        Visitor(app, address=f"198.51.100.{number}").post("/login", guess)
        Visitor(app, address=f"198.51.101.{number}").post("/login", guess | {"contact": "nobody@example.com"})
    rows, _ = audit.list_entries(db.session, Filter(act="session.refuse"))
    assert sorted(entry.subject for entry, *_ in rows) == ["account", "account:1"]
    assert {entry.account_id for entry, *_ in rows} == {None}


def test_log_ins_log_outs_and_new_passwords_of_the_shops_people_are_in_it(olga):
    new = "seven quiet harbour lamps"
    olga.post("/me/password", {"current": PASSWORD, "password": new}, page="/me/password")
    olga.post("/logout", page="/me")
    acts = [entry.act for entry in audit.entries_of(db.session, "account:1")]
    assert acts == ["session.destroy", "session.create", "session.destroy", "password.update", "session.create"]
