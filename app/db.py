"""The database handle, its pragmas, and transaction(), the only commit in the shop."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, Integer, MetaData, Row, Table, create_engine, event, inspect, orm, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import NullPool

from app.config import Config
from app.errors import Refusal
from app.gate import PATIENCE_SECONDS, busy, turn

P = ParamSpec("P")
T = TypeVar("T")

Id = BigInteger().with_variant(Integer, "sqlite")
PRAGMAS = (
    "journal_mode=WAL",
    # After "success" a provider never repeats, and NORMAL may lose an acknowledged commit when the power fails.
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "trusted_schema=OFF",
    # Or INSERT OR REPLACE would go around the triggers that keep the books from being changed.
    "recursive_triggers=ON",
    "secure_delete=FAST",
    "cell_size_check=ON",
    "wal_autocheckpoint=10000",
    "cache_size=-32000",
    "mmap_size=268435456",
    # Or what a savepoint may have to undo goes through a temporary file.
    "temp_store=MEMORY",
)
RETRIED_SQLSTATES = frozenset({"40001", "40P01"})
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

# What a page reads with, and what a rule reads with that serves pages and acts alike.
Session = orm.Session | orm.scoped_session[Any]
Reader = Connection | Session
AnyRow = Row[*tuple[Any, ...]]

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def table(model: type[Base]) -> Table:
    """The Core table of a model: the money path speaks Core, an ORM flush would cost nine tenths of the speed."""
    return cast(Table, model.__table__)


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


_refused: Refusal | None = None


def refuse_writes(reason: Refusal | None) -> None:
    """Let every transaction of this process end in `reason` before it begins: the shop is shown, and nothing is written."""
    global _refused
    _refused = reason


def transaction(act: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `act(tx, ...)` in one write transaction, commit, and return what it returned.

    The SQLite write lock is taken at once; serialization failures and deadlocks of PostgreSQL are retried. Raises Busy when
    the lock cannot be had, and whatever the act raises, after rolling back.
    """
    db.session.rollback()
    if _refused is not None:
        raise _refused
    for last in (False, False, False, False, True):
        try:
            with turn(db.engine), db.engine.connect().execution_options(write=True) as tx, tx.begin():
                return act(tx, *args, **kwargs)
        except OperationalError as error:
            if "database is locked" in str(error.orig):
                raise busy() from error
            if last or _sqlstate(error) not in RETRIED_SQLSTATES:
                raise
    raise AssertionError("unreachable")


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that sees the database as it is at one instant, however long the reading takes."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def take_turns(tx: Connection, subject: str) -> None:
    """Let one transaction at a time act on `subject`, until it ends; SQLite's writers wait for one another anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(_LOCK, {"subject": subject})


def engine_options(config: Config) -> dict[str, Any]:
    """How many connections a process keeps, and how long a request waits for one."""
    pool = {"pool_size": 12, "max_overflow": 8, "pool_timeout": PATIENCE_SECONDS}
    return pool if config.is_sqlite else pool | {"pool_pre_ping": True}


def is_empty(url: str) -> bool:
    """Whether the database holds nothing yet that was encrypted with keys, so that new keys may be made for it."""
    address = make_url(url)
    if address.drivername == "sqlite" and not (address.database and Path(address.database).exists()):
        return True
    engine = create_engine(address, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            return not any(
                connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first()  # noqa: S608
                for name in ("channel", "identity", "orders", "card")
                if name in tables
            )
    finally:
        engine.dispose()


def has_tables(url: str) -> bool:
    """Whether a shop was set up in the database; looking makes none."""
    address = make_url(url)
    if address.drivername == "sqlite" and not (address.database and Path(address.database).exists()):
        return False
    engine = create_engine(address, poolclass=NullPool)
    try:
        return inspect(engine).has_table("setting")
    finally:
        engine.dispose()


def register(app: Flask) -> None:
    """Bind the database to the application and prepare its connections."""
    db.init_app(app)
    _keep_private(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context():
        _prepare(db.engine)


def _keep_private(url: str) -> None:
    # SQLite would make the file readable for everybody on the machine.
    path = make_url(url).database
    if url.startswith("sqlite") and path:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: a deferred one that upgrades fails under load.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
