"""The chain of entries, looked at from its first to its last: whoever changed, took out or put in one is shown (guard, D07)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.audit.entry import FIRST, Entry, chained
from app.audit.origin import Origin, hash_origin
from app.db import AnyRow, table

_entries, _origins = table(Entry), table(Origin)
BATCH = 1000


@dataclass(frozen=True)
class Broken:
    """The first entry that is not as it was written, and what is wrong with it."""

    entry_id: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """How many entries hold, the hash of the last of them (keep it elsewhere, and a cut-off end shows too), and what is broken."""

    count: int
    head: bytes
    broken: Broken | None


def verify_chain(connection: Connection) -> Verdict:
    """Compute every hash anew, in bounded memory, and stop at the first that differs."""
    previous, count = FIRST, 0
    for row in _rows(connection):
        number = count + 1
        if row.id != number:
            return Verdict(count, previous, Broken(number, "it is missing"))
        told = {column.name: getattr(row, column.name) for column in _entries.columns}
        if chained(previous, told | {"origin_hash": bytes(row.origin_hash)}) != bytes(row.hash):
            return Verdict(count, previous, Broken(number, "it was changed, or one before it was taken out"))
        if row.salt is not None and hash_origin(bytes(row.salt), row.address, row.agent) != bytes(row.origin_hash):
            return Verdict(count, previous, Broken(number, "where it came from was changed"))
        previous, count = bytes(row.hash), number
    return Verdict(count, previous, None)


def _rows(connection: Connection) -> Iterator[AnyRow]:
    wanted = (
        select(_entries, _origins.c.salt, _origins.c.address, _origins.c.agent)
        .join(_origins, _origins.c.entry_id == _entries.c.id, isouter=True)
        .order_by(_entries.c.id)
        .limit(BATCH)
    )
    last = 0
    while rows := list(connection.execute(wanted.where(_entries.c.id > last))):
        yield from rows
        last = rows[-1].id
