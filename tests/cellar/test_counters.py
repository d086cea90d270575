"""The shared file of counters, between threads, processes and accidents."""

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits.errors import StorageError
from limits.storage import storage_from_string

from app import clock
from app.counters import SharedFile


@pytest.fixture
def path(tmp_path):
    return tmp_path / "limits.sqlite3"


@pytest.fixture
def counters(path):
    storage = SharedFile(path=str(path))
    yield storage
    storage.close()


def count(path, times):
    storage = SharedFile(path=str(path))
    for _ in range(times):
        storage.incr("k", 60)
    storage.close()


def test_the_scheme_is_known_to_the_package(path):
    storage = storage_from_string("shared-file://", path=str(path))
    assert isinstance(storage, SharedFile)
    assert storage.check() is True
    storage.close()


def test_a_window_begins_with_the_first_hit(counters):
    with clock.frozen(1000):
        assert counters.incr("k", 60) == 1
    with clock.frozen(1059):
        assert counters.incr("k", 60, 2) == 3
        assert (counters.get("k"), counters.get_expiry("k")) == (3, 1060)
    with clock.frozen(1060):
        assert counters.get("k") == 0
        assert counters.get_expiry("k") == 1060
        assert counters.incr("k", 60) == 1
        assert counters.get_expiry("k") == 1120


def test_a_counter_can_be_cleared_alone_or_with_all_others(counters):
    for name in ("a", "b"):
        counters.incr(name, 60)
    counters.clear("a")
    assert (counters.get("a"), counters.get("b")) == (0, 1)
    assert counters.reset() == 1
    assert counters.get("b") == 0


def test_the_file_is_private_and_holds_no_key(counters, path):
    counters.incr("LIMITER/203.0.113.9/login", 60)
    assert path.stat().st_mode & 0o777 == 0o600
    counters.close()
    assert b"203.0.113.9" not in path.read_bytes()


def test_what_has_expired_is_tidied_away(counters, path):
    with clock.frozen(1000):
        for number in range(50):
            counters.incr(str(number), 10)
    with clock.frozen(2000):
        counters.incr("late", 10)
    counters.close()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM hit").fetchone() == (1,)
    connection.close()


def test_threads_lose_no_hit(counters):
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: counters.incr("k", 600), range(400)))
    assert sorted(seen) == list(range(1, 401))


def test_processes_lose_no_hit(counters, path):
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=count, args=(path, 100)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert counters.get("k") == 400


def test_a_damaged_file_is_replaced(counters, path):
    counters.incr("k", 60)
    counters.close()
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.write_bytes(b"this is no database" * 1000)
    assert counters.incr("k", 60) == 1
    assert counters.incr("k", 60) == 2


def test_a_file_that_cannot_be_opened_is_a_storage_error(tmp_path):
    storage = SharedFile(path=str(tmp_path / "nowhere" / "limits.sqlite3"))
    with pytest.raises(StorageError):
        storage.incr("k", 60)


def test_a_lock_that_lasts_is_a_storage_error(counters, path):
    counters.incr("k", 60)
    counters._connection.execute("PRAGMA busy_timeout=50")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        counters.incr("k", 60)
    holder.execute("ROLLBACK")
    holder.close()
    assert counters.incr("k", 60) == 2
