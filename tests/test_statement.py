"""Constant SQL by the driver itself: the same answers, errors and transaction as through SQLAlchemy, on both databases."""

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound, ProgrammingError

from app.db import db, table, transaction
from app.shop import Setting
from app.statement import Statement

pytestmark = pytest.mark.both_databases
PUT = Statement("INSERT INTO setting (key, value) VALUES (:key, :value)")
GET = Statement("SELECT key, value FROM setting WHERE key = :key")
SOME = Statement("SELECT key FROM setting WHERE key IN :keys AND value LIKE '%x%' ORDER BY key", lists=("keys",))
BUILT = Statement(
    select(table(Setting).c.value).where(table(Setting).c.key == bindparam("key"), table(Setting).c.value != "never")
)
LOCKED = Statement("SELECT value FROM setting WHERE key = :key", lock="FOR UPDATE")


@pytest.fixture
def filled(app):
    rows = [{"key": f"k{number}", "value": f"x{number}"} for number in range(3)]
    transaction(lambda tx: PUT.run_many(tx, rows))


def test_rows_have_names_and_are_tuples(filled):
    row = GET.run(db.session, {"key": "k1"}).one()
    assert (row.key, row.value, tuple(row)) == ("k1", "x1", ("k1", "x1"))
    assert GET.run(db.session, {"key": "none"}).first() is None
    assert GET.run(db.session, {"key": "none"}).scalar() is None
    assert BUILT.run(db.session, {"key": "k2"}).scalar_one() == "x2"
    assert transaction(lambda tx: LOCKED.run(tx, {"key": "k0"}).scalar()) == "x0"


def test_one_is_one(filled):
    with pytest.raises(NoResultFound):
        GET.run(db.session, {"key": "none"}).one()
    with pytest.raises(MultipleResultsFound):
        SOME.run(db.session, {"keys": ["k0", "k1"]}).one()


@pytest.mark.parametrize("keys", [[], ["k0"], ["k0", "k2"], ["k0", "k1", "k2", "none"]])
def test_lists_are_as_long_as_they_are(filled, keys):
    found = SOME.run(db.session, {"keys": keys})
    assert found.scalars() == [key for key in keys if key != "none"]
    assert [row.key for row in SOME.run(db.session, {"keys": keys})] == [key for key in keys if key != "none"]


def test_text_of_strangers_is_a_value(filled):
    crooked = "'; DROP TABLE setting; -- %(key)s :key"
    transaction(lambda tx: PUT.run(tx, {"key": "odd", "value": crooked}))
    assert GET.run(db.session, {"key": "odd"}).one().value == crooked


def test_what_fails_is_told_without_its_values(filled):
    secret = "a value that no log may hold"
    with pytest.raises(IntegrityError) as told:
        transaction(lambda tx: PUT.run(tx, {"key": "k1", "value": secret}))
    assert secret not in str(told.value)
    with pytest.raises(ProgrammingError):
        transaction(lambda tx: PUT.run(tx, {}))


def test_it_is_part_of_the_transaction(filled):
    def fail(tx):
        assert PUT.run(tx, {"key": "gone", "value": "x"}).rowcount == 1
        with tx.begin_nested() as inner:
            PUT.run(tx, {"key": "gone too", "value": "x"})
            inner.rollback()
        assert GET.run(tx, {"key": "gone too"}).first() is None
        raise RuntimeError

    with pytest.raises(RuntimeError):
        transaction(fail)
    db.session.rollback()
    assert GET.run(db.session, {"key": "gone"}).first() is None
