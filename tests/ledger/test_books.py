"""The books check themselves: each invariant, broken by hand, is named by its check, and by no accident only."""

import pytest

from app import ledger
from app.db import db
from tests.shop import Person

pytestmark = pytest.mark.both_databases
TRIGGERS = [(table, verb) for table in ("journal", "posting") for verb in ("UPDATE", "DELETE")]
ANNAS = "(SELECT pid FROM node ORDER BY id LIMIT 1)"
NEW = "INSERT INTO journal (key, kind, happened_at, request_hash) VALUES ('broken', 'x', 1, 'x')"


@pytest.fixture
def sold(shop):
    """Two levels earned on one order."""
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    return shop.buy(Person("clara@example.com"), via=boris)


def broken_after(*statements):
    """The ids of the invariants that do not hold once a hand wrote this; then it is undone."""
    with db.engine.connect().execution_options(write=True) as tx:
        try:
            for table, verb in TRIGGERS:
                on = f" ON {table}" if tx.dialect.name == "postgresql" else ""
                tx.exec_driver_sql(f"DROP TRIGGER {table}_refuses_{verb}{on}")
            if tx.dialect.name == "sqlite":
                tx.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
            else:
                for table, name in (
                    ("balance", "bucket"),
                    ("balance", "debt"),
                    ("commission", "net"),
                    ("commission", "parts"),
                    ("commission", "payee"),
                ):
                    tx.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")
            for statement in statements:
                assert tx.exec_driver_sql(statement).rowcount != 0, statement
            return {finding.id for finding in ledger.check_books(tx) if not finding.holds}
        finally:
            tx.rollback()
            if tx.dialect.name == "sqlite":
                tx.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")


def moved(account, fen):
    return f"INSERT INTO posting (journal_id, account, amount_fen) SELECT max(id), {account}, {fen} FROM journal"


def test_they_hold_for_a_shop_that_sells(shop, sold):
    findings = ledger.check_books(db.session)
    assert [finding.id for finding in findings] == [f"I{number}" for number in (*range(1, 10), 11, 12, 13)]
    assert [finding.broken for finding in findings] == [0] * 12
    figures = {finding.id: finding.figure for finding in findings}
    assert (figures["I1"], figures["I4"], figures["I5"], figures["I7"], figures["I8"]) == (2, 1500, 2, 1, 2)


@pytest.mark.parametrize(
    ("id", "statements"),
    [
        ("I1", ["UPDATE posting SET amount_fen = amount_fen + 1 WHERE account = 'income:sales'"]),
        ("I1", ["DELETE FROM posting WHERE account = 'income:sales'"]),
        ("I1", [NEW]),
        ("I2", [moved(f"'liab:held:' || {ANNAS}", 501)]),
        ("I2", [moved(f"'asset:clawback_due:' || {ANNAS}", -1)]),
        (
            "I3",
            [
                f"INSERT INTO balance (account, amount_fen, version) SELECT 'asset:clawback_due:' || {ANNAS}, 5, 1",
                f"INSERT INTO balance (account, amount_fen, version) SELECT 'liab:avail:' || {ANNAS}, -5, 1",
            ],
        ),
        ("I4", ["UPDATE commission SET net_fen = net_fen - 1 WHERE level = 1"]),
        ("I4", [moved("'exp:commission'", 1)]),
        ("I5", [moved(f"'liab:held:' || {ANNAS}", -1)]),
        ("I5", ["UPDATE commission SET payee_id = (SELECT min(id) FROM node)"]),
        ("I6", ["UPDATE commission SET rate_bps = rate_bps + 100 WHERE level = 2"]),
        ("I6", ["UPDATE commission SET gross_fen = gross_fen + 1 WHERE level = 1"]),
        ("I6", ["UPDATE commission SET base_fen = base_fen + 10000, gross_fen = gross_fen + 1000 WHERE level = 1"]),
        ("I6", ["UPDATE commission SET matured_fen = net_fen + 1 WHERE level = 1"]),
        ("I6", ["UPDATE commission SET frozen_held_fen = -1 WHERE level = 1"]),
        ("I7", ["UPDATE orders SET total_fen = total_fen + 1, goods_fen = goods_fen + 1"]),
        ("I7", ["UPDATE orders SET state = 'expired', paid_at = NULL"]),
        ("I7", ["UPDATE journal SET order_number = NULL WHERE kind = 'paid'"]),
        ("I7", ["UPDATE commission SET gross_fen = 3001 WHERE level = 1"]),
        (
            "I8",
            [
                "INSERT INTO edge (child_id, parent_id, source, sequence, valid_from) "
                "SELECT parent_id, child_id, 'x', 9, 1 FROM edge WHERE id = (SELECT min(id) FROM edge)"
            ],
        ),
        ("I8", ["UPDATE commission SET payee_id = buyer_id WHERE level = 1"]),
        ("I6", ["UPDATE commission SET cap_fen = 3 WHERE level = 1"]),
        ("I6", ["UPDATE commission SET frozen_held_fen = 5, freezes = 1 WHERE level = 1"]),
        ("I7", ["UPDATE order_line SET refunded_fen = 1"]),
        ("I11", ["UPDATE schedule SET funded_fen = 1"]),
        ("I12", ["UPDATE balance SET version = version + 1 WHERE account = 'income:sales'"]),
        ("I9", ["UPDATE balance SET amount_fen = amount_fen - 1 WHERE account LIKE 'liab:held:%%'"]),
        ("I9", ["DELETE FROM balance WHERE account = 'income:sales'"]),
    ],
)
def test_each_names_what_a_hand_broke(shop, sold, id, statements):
    """D07: with the triggers dropped and the constraints gone, the check still sees it."""
    assert id in broken_after(*statements)
    assert not [finding for finding in ledger.check_books(db.session) if not finding.holds]


def test_one_slip_of_a_kept_balance_is_named(shop, sold):
    assert broken_after("UPDATE balance SET amount_fen = amount_fen + 1 WHERE account = 'income:sales'") == {
        "I9",
        "I12",
    }


def test_they_hold_for_a_shop_that_sold_nothing(shop):
    assert all(finding.holds and finding.figure == 0 for finding in ledger.check_books(db.session))
