"""The counters behind the rate limits: one small SQLite file that all processes of the shop share.

A storage of the `limits` package with fixed windows that begin with the first hit. In-memory counters would count for each
process alone, and the shop's own database would make a hit wait for the write lock of an order. Losing the file costs
nothing but the counts, so it is not synced to disk, and a damaged one is replaced.
"""

import contextlib
import hashlib
import os
import sqlite3
import threading
import time
from pathlib import Path

from limits.storage import Storage

from app import clock

SCHEME = "shared-file"
TIDY_SECONDS = 60
_TABLE = "CREATE TABLE IF NOT EXISTS hit (name BLOB PRIMARY KEY, amount INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID"
_HIT = """
INSERT INTO hit (name, amount, expires_at) VALUES (:name, :amount, :expires_at)
ON CONFLICT (name) DO UPDATE SET
    amount = CASE WHEN hit.expires_at <= :now THEN 0 ELSE hit.amount END + :amount,
    expires_at = CASE WHEN hit.expires_at <= :now THEN :expires_at ELSE hit.expires_at END
RETURNING amount
"""
_LOOK = "SELECT amount, expires_at FROM hit WHERE name = :name AND expires_at > :now"


class SharedFile(Storage):
    """Counters in the file `path`; safe between threads and processes. Every failure is a limits StorageError."""

    STORAGE_SCHEME = [SCHEME]
    base_exceptions = (sqlite3.Error, OSError)

    def __init__(self, uri: str | None = None, *, path: str, **_options: object) -> None:
        super().__init__(uri, wrap_exceptions=True)
        self._path = Path(path)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._tidied_at = 0

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = clock.now()
        self._tidy(now)
        row = self._one(_HIT, {"name": _name(key), "amount": amount, "now": now, "expires_at": now + int(expiry)})
        return int(row[0]) if row else amount

    def get(self, key: str) -> int:
        row = self._one(_LOOK, {"name": _name(key), "now": clock.now()})
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        row = self._one(_LOOK, {"name": _name(key), "now": clock.now()})
        return float(row[1] if row else clock.now())

    def check(self) -> bool:
        return self._one("SELECT 1", {}) == (1,)

    def reset(self) -> int | None:
        row = self._one("SELECT count(*) FROM hit", {})
        self._one("DELETE FROM hit", {})
        return int(row[0]) if row else 0

    def clear(self, key: str) -> None:
        self._one("DELETE FROM hit WHERE name = :name", {"name": _name(key)})

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        if self._connection is not None and self._owner == os.getpid():
            self._connection.close()
        self._connection = None

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError, sqlite3.Error):
            self.close()

    def _tidy(self, now: int) -> None:
        if abs(now - self._tidied_at) >= TIDY_SECONDS:
            self._tidied_at = now
            self._one("DELETE FROM hit WHERE expires_at <= :now", {"now": now})

    def _one(self, statement: str, values: dict[str, object]) -> tuple[int, ...] | None:
        with self._lock:
            try:
                return self._run(statement, values)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                # "File is not a database", "malformed": only counts are in it.
                self.close()
                for ending in ("", "-wal", "-shm"):
                    self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
                return self._run(statement, values)

    def _run(self, statement: str, values: dict[str, object]) -> tuple[int, ...] | None:
        if self._connection is None or self._owner != os.getpid():
            self._connection, self._owner = _open(self._path), os.getpid()
        rows: list[tuple[int, ...]] = self._connection.execute(statement, values).fetchall()
        return rows[0] if rows else None


def _name(key: str) -> bytes:
    # Keys hold addresses and contacts; the file holds neither.
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _open(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=2, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous=OFF")
    for last in (*[False] * 40, True):
        try:
            # Turning WAL on ignores the busy timeout, and several processes start at once.
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            if last or "locked" not in str(error):
                raise
            time.sleep(0.025)
    connection.execute(_TABLE)
