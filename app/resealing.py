"""Sealed values wherever they are: whether they open with the keys that are here, and how they come under a newer key.

A column that holds sealed values says so: `mapped_column(LargeBinary, info={"sealed": "card:{code_index}:code"})`, the place as
`vault.seal` was told it. That is all its room has to do; bytes are put as hexadecimal digits, as rooms write them.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from app import vault
from app.db import AnyRow, db
from app.errors import N_, Refusal

BATCH = 500


class KeysDoNotFit(Refusal):
    """The keys that are here are not those that the shop's data was sealed with."""

    status = 503
    retry_after_seconds = 300

    def __init__(self) -> None:
        super().__init__(
            N_(
                "The shop’s keys do not fit its data, so it takes no orders until they are back. Nothing was changed or lost."
            )
        )


def columns() -> list[Column[Any]]:
    """Every column of sealed values."""
    return [column for table in db.metadata.sorted_tables for column in table.columns if "sealed" in column.info]


def place_of(column: Column[Any], row: AnyRow) -> str:
    """What a row's sealed value is bound to."""
    told = {
        name: value.hex() if isinstance(value, bytes | memoryview) else value for name, value in row._mapping.items()
    }
    place: str = column.info["sealed"].format(**told)
    return place


def opens(column: Column[Any], row: AnyRow) -> bool:
    try:
        vault.open_sealed(row._mapping[column.name], place_of(column, row))
    except vault.Unreadable:
        return False
    return True


def fit(connection: Connection) -> bool:
    """Whether the newest and the oldest value of each column open: a quick look at the start of a process."""
    for column in columns():
        key = _key(column)
        for order in (key.asc(), key.desc()):
            row = connection.execute(select(column.table).where(_is_there(column)).order_by(order).limit(1)).first()
            if row is not None and not opens(column, row):
                return False
    return True


def fit_at(connection: Connection) -> bool:
    """`fit`, for a database whose tables may be of another version than the program's: then it says nothing."""
    try:
        return fit(connection)
    except SQLAlchemyError:
        return True


def count(connection: Connection) -> tuple[int, int]:
    """How many sealed values open, and how many do not. This reads them all: for the operator, never for a page."""
    opened = shut = 0
    for column in columns():
        for row in _rows(connection, column):
            if opens(column, row):
                opened += 1
            else:
                shut += 1
    return opened, shut


def _rows(connection: Connection, column: Column[Any]) -> Iterator[AnyRow]:
    last: Any = None
    while rows := _after(connection, column, last):
        yield from rows
        last = rows[-1]._mapping[_key(column).name]


def _after(connection: Connection, column: Column[Any], last: Any, *conditions: Any) -> list[AnyRow]:
    key = _key(column)
    wanted = select(column.table).where(_is_there(column), *conditions).order_by(key).limit(BATCH)
    return list(connection.execute(wanted.where(key > last) if last is not None else wanted))


def _is_there(column: Column[Any]) -> Any:
    # What was destroyed on purpose is empty.
    return func.length(column) > 0


def _key(column: Column[Any]) -> Column[Any]:
    [key] = column.table.primary_key.columns
    return key


def _is_older(column: Column[Any]) -> Any:
    prefix = vault.newest_kid().encode() + b"|"
    return func.substr(column, 1, len(prefix)) != prefix


def waiting(connection: Connection) -> int:
    """How many values are under an older key than the newest."""
    return sum(
        connection.execute(
            select(func.count()).select_from(column.table).where(_is_there(column), _is_older(column))
        ).scalar_one()
        for column in columns()
    )


def reseal(tx: Connection, column: Column[Any], last: Any) -> tuple[Any, int, int]:
    """Bring one batch under the newest key: (where to go on, None at the end; how many; how many do not open).

    What somebody else changes meanwhile stays theirs, and what does not open stays as it is.
    """
    key, done, shut = _key(column), 0, 0
    rows = _after(tx, column, last, _is_older(column))
    for row in rows:
        if not opens(column, row):
            shut += 1
            continue
        was, place = row._mapping[column.name], place_of(column, row)
        again = vault.seal(vault.open_sealed(was, place), place)
        same = (key == row._mapping[key.name]) & (column == was)
        done += tx.execute(update(column.table).where(same).values({column.name: again})).rowcount
    return (rows[-1]._mapping[key.name] if rows else None), done, shut
