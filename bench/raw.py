"""The limits that callbacks are measured against: the driver alone, with the shop's pragmas, and no code of ours.

`Same` writes what a callback of this shop writes, row by row into the shop's own tables. `Ten` writes the least that any shop
would: an order, a card, two commissions, six postings, two balances, in tables with no more than they need.
"""

import pickle
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import local

from app.db import PRAGMAS

SCHEMA = (
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT, paid_at INTEGER)",
    "CREATE TABLE card (id INTEGER PRIMARY KEY, order_id INTEGER, state TEXT, sold_at INTEGER)",
    "CREATE INDEX ix_card ON card (order_id)",
    "CREATE TABLE commission (id INTEGER PRIMARY KEY, order_id INTEGER, level INTEGER, payee_id INTEGER, fen INTEGER, "
    "UNIQUE (order_id, level))",
    "CREATE TABLE posting (id INTEGER PRIMARY KEY, journal_id INTEGER, account TEXT, fen INTEGER)",
    "CREATE INDEX ix_posting ON posting (account)",
    "CREATE TABLE balance (account TEXT PRIMARY KEY, fen INTEGER, version INTEGER)",
    "CREATE TABLE turn (number INTEGER)",
)
ORDERS = 100_000


class Raw:
    """One connection a thread; `pay` is one callback, and each call pays the next order."""

    next_turn = "UPDATE turn SET number = number + 1 RETURNING number"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.held = local()

    def pay(self) -> None:
        if not hasattr(self.held, "connection"):
            self.held.connection = _open(self.path)
        run: Callable[..., sqlite3.Cursor] = self.held.connection.execute
        run("BEGIN IMMEDIATE")
        self.write(self.held.connection, run(self.next_turn).fetchone()[0])
        run("COMMIT")

    def write(self, connection: sqlite3.Connection, number: int) -> None:
        raise NotImplementedError


class Same(Raw):
    """`path` is the shop's file as it was before the callbacks whose writes `record` kept in `writes`."""

    def __init__(self, path: Path, writes: Path) -> None:
        super().__init__(path)
        self.writes = pickle.loads(writes.read_bytes())

    @staticmethod
    def prepare(path: Path) -> None:
        connection = _open(path)
        connection.execute("CREATE TABLE turn (number INTEGER)")
        connection.execute("INSERT INTO turn VALUES (-1)")
        connection.close()

    def write(self, connection: sqlite3.Connection, number: int) -> None:
        for sql, values, many in self.writes[number]:
            (connection.executemany if many else connection.execute)(sql, values)


class Ten(Raw):
    """The least that a callback writes."""

    @staticmethod
    def prepare(path: Path) -> None:
        connection = _open(path)
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("BEGIN")
        connection.execute("INSERT INTO turn VALUES (0)")
        connection.executemany("INSERT INTO orders VALUES (?, 'pending', NULL)", ((n,) for n in range(1, ORDERS)))
        connection.executemany("INSERT INTO card VALUES (?, ?, 'reserved', NULL)", ((n, n) for n in range(1, ORDERS)))
        connection.execute("COMMIT")
        connection.close()

    def write(self, connection: sqlite3.Connection, number: int) -> None:
        run = connection.execute
        run("UPDATE orders SET state = 'paid', paid_at = 1 WHERE id = ? AND state = 'pending'", (number,))
        run("UPDATE card SET state = 'sold', sold_at = 1 WHERE order_id = ?", (number,))
        for level, fen in ((1, 1000), (2, 500)):
            run("INSERT INTO commission (order_id, level, payee_id, fen) VALUES (?, ?, 1, ?)", (number, level, fen))
        self._post(run, number, (("gateway", 10000), ("sales", -10000)))
        self._post(run, number, (("expense", 1000), ("held:1", -1000), ("expense", 500), ("held:2", -500)))
        for account, fen in (("held:1", -1000), ("held:2", -500)):
            run(
                "INSERT INTO balance VALUES (?, ?, 1) ON CONFLICT (account) DO UPDATE SET fen = fen + excluded.fen, "
                "version = version + 1",
                (account, fen),
            )

    @staticmethod
    def _post(run: Callable[..., sqlite3.Cursor], number: int, legs: Iterable[tuple[str, int]]) -> None:
        for account, fen in legs:
            run("INSERT INTO posting (journal_id, account, fen) VALUES (?, ?, ?)", (number, account, fen))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection
