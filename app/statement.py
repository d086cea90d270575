"""Constant SQL that the driver runs itself, inside SQLAlchemy's transaction: a tenth of what its own path costs a statement.

It is for the money path alone, where a payment runs dozens of them; pages read by the ORM. Values are always bound, never written in.
"""

import re
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound

from app.db import Reader

_NAMED = re.compile(r"(?<![:\w]):([a-z_]\w*)")
_NONE: Mapping[str, Any] = {}


class Answer:
    """What a statement came to. A row is a tuple with its columns' names, and is read while the transaction lasts."""

    __slots__ = ("_cursor", "_statement")

    def __init__(self, cursor: Any, statement: "Statement") -> None:
        self._cursor, self._statement = cursor, statement

    @property
    def rowcount(self) -> int:
        """How many rows were written."""
        count: int = self._cursor.rowcount
        return count

    def __iter__(self) -> Iterator[Any]:
        row = self._statement.row(self._cursor)
        return iter([row(*found) for found in self._cursor.fetchall()])

    def first(self) -> Any | None:
        """The first row, None if there is none."""
        found = self._cursor.fetchone()
        return None if found is None else self._statement.row(self._cursor)(*found)

    def one(self) -> Any:
        """The one row. Raises NoResultFound, MultipleResultsFound."""
        found = self._cursor.fetchmany(2)
        if len(found) != 1:
            raise MultipleResultsFound if found else NoResultFound
        return self._statement.row(self._cursor)(*found[0])

    def scalar(self) -> Any | None:
        """The first column of the first row, None if there is none."""
        found = self._cursor.fetchone()
        return None if found is None else found[0]

    def scalar_one(self) -> Any:
        """The first column of the one row. Raises NoResultFound, MultipleResultsFound."""
        return self.one()[0]

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [found[0] for found in self._cursor.fetchall()]


class Statement:
    """SQL with :named values, or what SQLAlchemy builds of a table, compiled once for each database.

    `lock` is what PostgreSQL appends where SQLite's one writer needs nothing, such as FOR UPDATE. `lists` are the names whose
    values are sequences, written as `IN :name`.
    """

    def __init__(self, sql: str | ClauseElement, *, lock: str = "", lists: Sequence[str] = ()) -> None:
        self._source, self._lock, self._lists = sql, lock, lists
        self._fixed: dict[str, Any] = {}
        self._texts: dict[Any, str] = {}
        self._row: Any = None

    def row(self, cursor: Any) -> Any:
        """The class of this statement's rows, made when the first is read."""
        if self._row is None:
            self._row = namedtuple("Row", [column[0] for column in cursor.description], rename=True)  # type: ignore[misc]
        return self._row

    def text(self, dialect: str, values: Mapping[str, Any] = _NONE) -> str:
        """The SQL as a database's driver reads it, `values` deciding how long its lists are."""
        if not self._lists:
            return self._texts.get(dialect) or self._write(dialect)
        lengths = tuple(len(values[one]) for one in self._lists)
        return self._texts.get((dialect, lengths)) or self._spread(dialect, lengths)

    def bound(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is bound to it, once its text is known: lists element by element, and what it was built with."""
        if self._lists:
            flat = {key: value for key, value in values.items() if key not in self._lists}
            for one in self._lists:
                flat |= {f"{one}_{number}": value for number, value in enumerate(values[one])}
            values = flat
        return {**self._fixed, **values} if self._fixed else values

    def run(self, reader: Reader, values: Mapping[str, Any] = _NONE) -> Answer:
        """Run it once. Raises what SQLAlchemy would: IntegrityError, OperationalError and the like."""
        connection = reader if isinstance(reader, Connection) else reader.connection()
        text = self.text(connection.dialect.name, values)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, self.bound(values))
        except Exception as error:
            raise _told(error, connection, text) from error
        return Answer(cursor, self)

    def run_many(self, tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each of `rows`."""
        text = self.text(tx.dialect.name)
        cursor = tx.connection.cursor()
        try:
            cursor.executemany(text, [self.bound(row) for row in rows])
        except Exception as error:
            raise _told(error, tx, text) from error

    def _write(self, name: str) -> str:
        if isinstance(self._source, str):
            sql = f"{self._source} {self._lock}".strip() if name == "postgresql" else self._source
            text = _NAMED.sub(r"%(\1)s", sql.replace("%", "%%")) if name == "postgresql" else sql
        else:
            dialect = psycopg.dialect() if name == "postgresql" else sqlite.dialect(paramstyle="named")
            compiled = self._source.compile(dialect=dialect)
            self._fixed = {key: value for key, value in compiled.params.items() if value is not None}
            text = str(compiled)
        self._texts[name] = text
        return text

    def _spread(self, name: str, lengths: tuple[int, ...]) -> str:
        text = self._texts.get(name) or self._write(name)
        for one, length in zip(self._lists, lengths, strict=True):
            mark = "%({})s" if name == "postgresql" else ":{}"
            each = ", ".join(mark.format(f"{one}_{number}") for number in range(length)) or "NULL"
            text = text.replace(f"IN {mark.format(one)}", f"IN ({each})")
        self._texts[name, lengths] = text
        return text


def _told(error: Exception, connection: Connection, sql: str) -> BaseException:
    # The values stay out of it: what is told ends in a log.
    base = connection.dialect.loaded_dbapi.Error
    if not isinstance(error, base):
        return error
    return DBAPIError.instance(sql, None, error, base, hide_parameters=True, dialect=connection.dialect)
