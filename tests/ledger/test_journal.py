"""The journal: an entry is written once under its key, adds up to nothing, and nobody can change it afterwards."""

import pytest
from sqlalchemy.exc import DBAPIError

from app import ledger
from app.db import db, transaction
from app.ledger import KeyConflict
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases
PID = "P" * 16
LEGS = {"exp:commission": 700, f"liab:held:{PID}": -700}


@pytest.fixture
def post(shop):
    """Book entries by hand, and take what they left out of the books again: no commission row stands behind them."""
    entries = []

    def post(key="test:1", legs=LEGS, kind="accrue"):
        fresh = transaction(ledger.post, key, kind, legs, now=shop.now)
        if fresh:
            entries.append((key, kind, legs))
        return fresh

    yield post
    for key, kind, legs in entries:
        transaction(ledger.post, f"{key}:back", kind, {name: -fen for name, fen in legs.items()}, now=shop.now)


def posted(shop):
    return shop.count("SELECT count(*) FROM journal"), shop.count("SELECT count(*) FROM posting")


def balance(shop, account):
    return shop.count("SELECT amount_fen FROM balance WHERE account = :account", account=account)


def test_it_books_once_under_a_key(shop, post):
    assert post() is True
    assert post() is False
    assert post(legs=dict(reversed(LEGS.items()))) is False
    assert posted(shop) == (1, 2)
    assert (balance(shop, "exp:commission"), ledger.read_wallet(db.session, [PID]).held_fen) == (700, 700)


@pytest.mark.parametrize(
    ("legs", "kind"),
    [
        ({"exp:commission": 701, f"liab:held:{PID}": -701}, "accrue"),
        ({"exp:commission": 700, "liab:held:QQQQQQQQQQQQQQQQ": -700}, "accrue"),
        (LEGS, "paid"),
    ],
)
def test_it_refuses_another_entry_under_the_same_key(shop, post, legs, kind):
    post()
    with pytest.raises(KeyConflict) as conflict:
        post(legs=legs, kind=kind)
    assert conflict.value.status == 409
    assert posted(shop) == (1, 2)
    assert balance(shop, "exp:commission") == 700


@pytest.mark.parametrize("legs", [{"a": 1}, {"a": 1, "b": -2}, {"a": 1, "b": 1}, {}, {"a": 0, "b": 0}])
def test_it_books_nothing_that_does_not_add_up(shop, post, legs):
    with pytest.raises(AssertionError):
        post(legs=legs)
    assert posted(shop) == (0, 0)
    assert shop.count("SELECT count(*) FROM balance") == 0


def test_it_leaves_out_legs_of_nothing(shop, post):
    assert post(legs=LEGS | {"asset:gateway:x": 0})
    assert posted(shop) == (1, 2)
    assert post() is False


def test_it_takes_out_of_a_bucket_what_is_in_it(shop, post):
    post()
    moved = {f"liab:held:{PID}": 300, f"liab:avail:{PID}": -300}
    assert transaction(ledger.post, "test:2", "mature", moved, now=shop.now)
    wallet = ledger.read_wallet(db.session, [PID])
    assert (wallet.held_fen, wallet.available_fen) == (400, 300)
    back = {name: -fen for name, fen in moved.items()}
    assert transaction(ledger.post, "test:2:back", "mature", back, now=shop.now)
    assert ledger.read_wallet(db.session, [PID]).held_fen == 700


def test_it_takes_no_bucket_below_nothing(shop, post):
    """The last guard stands in the database."""
    post()
    with pytest.raises(DBAPIError):
        transaction(ledger.post, "test:2", "x", {f"liab:held:{PID}": 701, "exp:commission": -701}, now=shop.now)
    assert posted(shop) == (1, 2)
    assert ledger.read_wallet(db.session, [PID]).held_fen == 700


@pytest.mark.parametrize("table", ["journal", "posting"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET id = id + 1000",
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})",
    ],
)
def test_the_database_refuses_to_change_what_is_written(shop, table, statement):
    """D07."""
    shop.buy(Person("clara@example.com"))
    before = posted(shop)
    column = {"journal": "key", "posting": "amount_fen"}[table]
    with pytest.raises(DBAPIError, match="append-only"):
        transaction(lambda tx: tx.exec_driver_sql(statement.format(table=table, column=column)))
    assert posted(shop) == before


@pytest.mark.parametrize("table", ["journal", "posting"])
def test_the_database_refuses_to_replace_or_empty_it(app, shop, table):
    """D07: the ways around a trigger on DELETE."""
    shop.buy(Person("clara@example.com"))
    before = posted(shop)
    replacing = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    statement = replacing if db.engine.dialect.name == "sqlite" else f"TRUNCATE {table} CASCADE"
    with pytest.raises(DBAPIError):
        transaction(lambda tx: tx.exec_driver_sql(statement))
    assert posted(shop) == before


def test_it_books_once_when_many_try_at_once(app, shop, post):
    post(key="test:0")
    outcomes = at_once(app, [lambda: transaction(ledger.post, "test:1", "accrue", LEGS, now=shop.now)] * 20)
    assert sorted(outcomes) == [False] * 19 + [True]
    assert (posted(shop), balance(shop, "exp:commission")) == ((2, 4), 1400)
    back = {name: -fen for name, fen in LEGS.items()}
    transaction(ledger.post, "test:1:back", "accrue", back, now=shop.now)


def test_it_adds_up_when_many_book_at_once(app, shop):
    def book(fen):
        legs = {"asset:gateway:x": fen, "income:other": -fen}
        return transaction(ledger.post, f"test:{fen}", "x", legs, now=shop.now)

    assert at_once(app, [lambda fen=fen: book(fen) for fen in range(1, 41)]) == [True] * 40
    assert (balance(shop, "asset:gateway:x"), balance(shop, "income:other")) == (820, -820)
