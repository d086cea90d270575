"""The limit that callbacks are measured against: the writes of one callback, by the driver alone, with the shop's pragmas."""

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
)
ORDERS = 100_000


def make(path: Path) -> None:
    """A file with orders that nobody paid, one card each."""
    connection = _open(path)
    for statement in SCHEMA:
        connection.execute(statement)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO orders VALUES (?, 'pending', NULL)", ((n,) for n in range(1, ORDERS)))
    connection.executemany("INSERT INTO card VALUES (?, ?, 'reserved', NULL)", ((n, n) for n in range(1, ORDERS)))
    connection.execute("COMMIT")
    connection.close()


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


class Raw:
    """One connection a thread; `pay` is one callback: an order, a card, two commissions, six postings, two balances."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.held = local()

    def pay(self, order: int) -> None:
        if not hasattr(self.held, "connection"):
            self.held.connection = _open(self.path)
        run: Callable[..., sqlite3.Cursor] = self.held.connection.execute
        run("BEGIN IMMEDIATE")
        run("UPDATE orders SET state = 'paid', paid_at = 1 WHERE id = ? AND state = 'pending'", (order,))
        run("UPDATE card SET state = 'sold', sold_at = 1 WHERE order_id = ?", (order,))
        for level, fen in ((1, 1000), (2, 500)):
            run("INSERT INTO commission (order_id, level, payee_id, fen) VALUES (?, ?, 1, ?)", (order, level, fen))
        self._post(run, order, (("gateway", 10000), ("sales", -10000)))
        self._post(run, order, (("expense", 1000), ("held:1", -1000), ("expense", 500), ("held:2", -500)))
        for account, fen in (("held:1", -1000), ("held:2", -500)):
            run(
                "INSERT INTO balance VALUES (?, ?, 1) ON CONFLICT (account) DO UPDATE SET fen = fen + excluded.fen, "
                "version = version + 1",
                (account, fen),
            )
        run("COMMIT")

    @staticmethod
    def _post(run: Callable[..., sqlite3.Cursor], order: int, legs: Iterable[tuple[str, int]]) -> None:
        for account, fen in legs:
            run("INSERT INTO posting (journal_id, account, fen) VALUES (?, ?, ?)", (order, account, fen))
