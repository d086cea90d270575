"""The log of what was done: it keeps what changed, refuses to be changed, and shows whoever goes around that (D07)."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app import audit
from app.db import db, snapshot, transaction
from tests.conftest import NOW

pytestmark = pytest.mark.both_databases
WHO = audit.Who(None, "192.0.2.7", "Mozilla/5.0", "request-1", NOW)


@pytest.fixture
def entries(app):
    """Three entries about one product."""
    for number in range(3):
        transaction(
            audit.record,
            WHO,
            "product.update",
            "product:1",
            was={"price_fen": number, "title": "课"},
            now={"price_fen": 9, "title": "课"},
        )


def verdict():
    with snapshot() as connection:
        return audit.verify_chain(connection)


def around_the_triggers(statement):
    """What somebody with the database's own password does."""

    def act(tx):
        if tx.dialect.name == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                tx.exec_driver_sql(f"DROP TRIGGER audit_entry_refuses_{verb}")
        else:
            tx.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        tx.exec_driver_sql(statement)

    transaction(act)


def test_it_keeps_what_changed_and_nothing_else(app, entries):
    found = audit.entries_of(db.session, "product:1")
    assert [entry.id for entry in found] == [3, 2, 1]
    assert found[0].change == {"price_fen": (2, 9)}
    assert (found[0].act, found[0].happened_at, found[0].request_id) == ("product.update", NOW, "request-1")
    assert audit.entries_of(db.session, "product:2") == []


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_a_change(app, entries, change):
    with pytest.raises(DatabaseError, match="append-only"):
        transaction(lambda tx: tx.exec_driver_sql(change))
    assert verdict().count == 3


@pytest.mark.parametrize(
    ("change", "first"),
    [
        ("UPDATE audit_entry SET reason = 'x' WHERE id = 2", 2),
        ("UPDATE audit_entry SET account_id = NULL, act = 'order.note' WHERE id = 1", 1),
        ("DELETE FROM audit_origin WHERE entry_id > 0", None),
        ("UPDATE audit_origin SET address = '198.51.100.1' WHERE entry_id = 3", 3),
    ],
)
def test_whoever_goes_around_the_triggers_is_shown(app, entries, change, first):
    around_the_triggers(change)
    broken = verdict().broken
    assert (broken and broken.entry_id) == first
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == (1 if first else 0)
    assert result.output.startswith(f"entry {first}:" if first else "3 entries")


def test_an_entry_that_was_taken_out_is_missed(app, entries):
    around_the_triggers("DELETE FROM audit_origin WHERE entry_id = 2")
    transaction(lambda tx: tx.execute(text("DELETE FROM audit_entry WHERE id = 2")))
    assert verdict().broken == audit.Broken(2, "it is missing")


def test_addresses_are_forgotten_after_180_days_and_the_chain_stays_whole(app, entries):
    head = verdict().head
    assert transaction(audit.forget_origins, NOW + 180 * 86400 - 1) == 0
    assert transaction(audit.forget_origins, NOW + 180 * 86400) == 3
    assert verdict() == audit.Verdict(3, head, None)


def test_many_at_once_make_one_chain(app):
    def write():
        with app.app_context():
            for _ in range(5):
                transaction(audit.record, WHO, "order.note", "order:1")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdict().count == 20
    assert verdict().broken is None
