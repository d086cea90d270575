"""A backup: one instant of the whole shop - database, keys, files - looked at, packed and encrypted while buyers go on."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from app import keyfiles, schema
from app.care import archive, postgres, shelf
from app.care.manifest import NAME, Manifest, describe, describe_file
from app.care.shelf import Kept
from app.errors import N_, Refusal
from app.version import VERSION

SQLITE, POSTGRESQL = "database.sqlite3", "database.dump"
KEYS, FILES = "keys", "files"
# Callbacks must still find room while a backup is written.
RESERVE_BYTES = 100 * 1024 * 1024
STEP_PAGES = 4096
# What only this run of this machine needs, or what has a place of its own in the archive.
LEFT_OUT = ("keys", "backups", "address", "limits.sqlite3")


@dataclass(frozen=True)
class Premises:
    """Where a shop is: its folder, its database, and the environment that may name its key files."""

    instance: Path
    database_url: str
    environment: Mapping[str, str]

    @property
    def sqlite_file(self) -> Path | None:
        address = make_url(self.database_url)
        return Path(address.database) if address.drivername == "sqlite" and address.database else None


def make_backup(premises: Premises, *, now: int, recipient: str = "", passphrase: str = "") -> Kept:
    """Make a backup and put it on the shelf. Raises Refusal with the reason; then nothing of it is left."""
    folder = shelf.folder_of(premises.instance)
    with shelf.alone(folder), _stage(folder) as stage:
        _refuse_full(premises)
        manifest = _copy_database(premises, stage, now)
        _gather(premises, stage)
        files = sorted(path for path in stage.rglob("*") if path.is_file())
        named = [(path.relative_to(stage).as_posix(), path) for path in files]
        manifest = replace(manifest, files=[describe_file(name, path) for name, path in named])
        (stage / NAME).write_bytes(manifest.write())
        part = folder / f".tmp-{shelf.name_at(now)}"
        part.unlink(missing_ok=True)
        try:
            size, sha256 = archive.pack(
                [(NAME, stage / NAME), *named], part, recipient=recipient, passphrase=passphrase
            )
            name = shelf.name_at(now)
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)
        kept = Kept(
            name=name,
            made_at=now,
            size=size,
            sha256=sha256,
            version=manifest.version,
            schema=manifest.schema,
            database=manifest.database,
            counts=manifest.counts,
            broken=manifest.broken,
            by_passphrase=bool(passphrase),
        )
        shelf.note(folder, kept)
        return kept


@contextmanager
def _stage(folder: Path) -> Iterator[Path]:
    # What a killed run left; nobody else works here, or we would not have the lock.
    for left in folder.glob(".tmp-*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    with tempfile.TemporaryDirectory(prefix=".tmp-", dir=folder) as name:
        yield Path(name)


def _refuse_full(premises: Premises) -> None:
    free = shutil.disk_usage(premises.instance).free
    # The copy, and the archive of it, which is rarely larger.
    needed = 2 * _size(premises) + RESERVE_BYTES
    if free < needed:
        raise Refusal(
            N_("There is not enough room for a backup: %(free)s MB are free, and it needs %(needed)s MB."),
            free=free // 1_000_000,
            needed=needed // 1_000_000,
        )


def _size(premises: Premises) -> int:
    path = premises.sqlite_file
    if path is not None:
        return path.stat().st_size
    with _connected(premises.database_url) as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection
    finally:
        engine.dispose()


def _copy_database(premises: Premises, stage: Path, now: int) -> Manifest:
    """Copy the database as it is at one instant, and look at what was copied."""
    path = premises.sqlite_file
    if path is None:
        with _connected(premises.database_url) as connection:
            postgres.dump(connection, premises.database_url, stage / POSTGRESQL)
            # The same snapshot that was dumped: what is said of it is true of the dump.
            return _described(connection, now)
    target = stage / SQLITE
    copy_sqlite(path, target)
    with _connected(f"sqlite:///{target}") as connection:
        check_whole(connection)
        return _described(connection, now)


def _described(connection: Connection, now: int) -> Manifest:
    return describe(connection, version=VERSION, schema=schema.revision(connection) or "", now=now)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that is being written to: its state at one instant, in steps, without keeping a writer waiting."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with (
        closing(sqlite3.connect(source, isolation_level=None, timeout=10)) as here,
        closing(sqlite3.connect(target, isolation_level=None)) as there,
    ):
        # A transaction that only reads holds the instant; without it each write of somebody else would begin the copy anew.
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()
        here.backup(there, pages=STEP_PAGES, sleep=0.005)
        # One file, without a log beside it.
        there.execute("PRAGMA journal_mode=DELETE")


def check_whole(connection: Connection) -> None:
    """Raise Refusal when SQLite itself finds a fault in a file."""
    said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if said != "ok":
        raise Refusal(N_("The database is damaged: %(said)s"), said=said)


def _gather(premises: Premises, stage: Path) -> None:
    (stage / KEYS).mkdir(mode=0o700)
    for name, path in keyfiles.files(premises.instance, premises.environment).items():
        shutil.copyfile(path, stage / KEYS / name)
    database = premises.sqlite_file
    for path in sorted(premises.instance.rglob("*")):
        inside = path.relative_to(premises.instance)
        first = inside.parts[0]
        is_database = database is not None and path.name.startswith(database.name)
        is_passing = path.suffix in (".lock", ".log") or first.startswith((".", "limits.sqlite3"))
        if first in LEFT_OUT or is_database or is_passing or path.is_symlink() or not path.is_file():
            continue
        target = stage / FILES / inside
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(path, target)
