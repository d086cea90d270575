"""Taking codes in: what came is put down in sealed chunks, and each chunk is taken in by a transaction of its own.

A process that ends in between loses nothing and takes nothing twice: a chunk's codes and its mark are one commit.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from app import vault
from app.db import AnyRow, table, take_turns
from app.errors import N_, Refusal
from app.stock.card import Card, place_of
from app.stock.card_import import CardImport
from app.stock.chunk import CardImportChunk, Report, count_packed, pack, place_of_chunk, read_report
from app.stock.reading import is_malformed, read_lines

MOST_LINES = 100_000
CHUNK_LINES = 2000
BATCH = 500
Lines = Sequence[tuple[int, str]]

_cards = table(Card)
_imports = table(CardImport)
_chunks = table(CardImportChunk)
_KNOWN = select(_cards.c.code_index).where(
    _cards.c.sku_id == bindparam("sku_id"), _cards.c.code_index.in_(bindparam("indexes", expanding=True))
)
_NEXT = select(_chunks).where(_chunks.c.taken_at.is_(None)).order_by(_chunks.c.id).limit(1)


def put_down(
    tx: Connection,
    sku_id: int,
    lines: Iterable[tuple[int, str]],
    *,
    account_id: int | None,
    now: int,
    note: str = "",
    cost_fen: int | None = None,
    encoding: str = "utf-8",
) -> int:
    """Keep the (number, code) of a text, sealed, for `take_chunk`; returns the import's id. Raises Refusal for none or too many."""
    whole = list(islice(lines, MOST_LINES + 1))
    if not whole:
        raise Refusal(N_("There is no code in it. A line is one code."), field="codes")
    if len(whole) > MOST_LINES:
        raise Refusal(N_("Please import at most %(most)s codes at once."), field="codes", most=MOST_LINES)
    values = {"sku_id": sku_id, "account_id": account_id, "created_at": now, "note": note, "cost_fen": cost_fen}
    counts = dict.fromkeys(("lines_done", "added", "repeated_in_text", "already_in_stock", "malformed"), 0)
    row = values | counts | {"encoding": encoding, "lines": len(whole)}
    import_id: int = tx.execute(insert(_imports).returning(_imports.c.id), row).scalar_one()
    seen: set[bytes] = set()
    for position, start in enumerate(range(0, len(whole), CHUNK_LINES)):
        chunk = whole[start : start + CHUNK_LINES]
        tx.execute(insert(_chunks), _chunk_row(import_id, position, chunk, seen))
    return import_id


def _chunk_row(import_id: int, position: int, chunk: Lines, seen: set[bytes]) -> dict[str, Any]:
    told: list[str] = []
    repeated: list[int] = []
    malformed: list[int] = []
    for number, code in chunk:
        index = vault.blind("card", code)
        if is_malformed(code):
            malformed.append(number)
        elif index in seen:
            repeated.append(number)
        else:
            seen.add(index)
            told.append(f"{number}\t{code}")
    sealed = vault.seal("\n".join(told), place_of_chunk(import_id, position))
    row = {"import_id": import_id, "position": position, "lines": len(chunk), "codes_sealed": sealed}
    return row | {"repeated": pack(repeated), "known": "", "malformed": pack(malformed), "taken_at": None}


def take_chunk(tx: Connection, now: int, import_id: int | None = None) -> bool:
    """Take in the next chunk that waits, of `import_id` or of the oldest import; False when none does."""
    wanted = _NEXT if import_id is None else _NEXT.where(_chunks.c.import_id == import_id)
    chunk = tx.execute(wanted).first()
    if chunk is None:
        return False
    batch = tx.execute(select(_imports).where(_imports.c.id == chunk.import_id)).one()
    # Two imports of one code must not both find it new.
    take_turns(tx, f"stock:{batch.sku_id}")
    mark = update(_chunks).where(_chunks.c.id == chunk.id, _chunks.c.taken_at.is_(None))
    if tx.execute(mark.values(taken_at=now, codes_sealed=b"")).rowcount == 1:
        _take(tx, batch, chunk, now)
    return True


def _take(tx: Connection, batch: AnyRow, chunk: AnyRow, now: int) -> None:
    fresh = {vault.blind("card", code): (number, code) for number, code in _codes_of(chunk)}
    told = len(fresh)
    known = sorted(fresh.pop(index)[0] for index in _found(tx, batch.sku_id, list(fresh)))
    if fresh:
        shared = {"sku_id": batch.sku_id, "state": "available", "import_id": batch.id, "imported_at": now}
        shared |= {"cost_fen": batch.cost_fen}
        rows = [
            shared | {"code_index": index, "code_sealed": vault.seal(code, place_of(index))}
            for index, (_number, code) in fresh.items()
        ]
        tx.execute(insert(_cards), rows)
    tx.execute(update(_chunks).where(_chunks.c.id == chunk.id).values(known=pack(known)))
    repeated = count_packed(chunk.repeated)
    _count(
        tx,
        chunk,
        now,
        added=len(fresh),
        already_in_stock=len(known),
        repeated_in_text=repeated,
        malformed=chunk.lines - told - repeated,
    )


def _codes_of(chunk: AnyRow) -> Iterator[tuple[int, str]]:
    told = vault.open_sealed(chunk.codes_sealed, place_of_chunk(chunk.import_id, chunk.position))
    for line in told.split("\n") if told else ():
        number, _, code = line.partition("\t")
        yield int(number), code


def _found(tx: Connection, sku_id: int, indexes: list[bytes]) -> Iterator[bytes]:
    for start in range(0, len(indexes), BATCH):
        for index in tx.execute(_KNOWN, {"sku_id": sku_id, "indexes": indexes[start : start + BATCH]}).scalars():
            yield bytes(index)


def _count(tx: Connection, chunk: AnyRow, now: int, **counts: int) -> None:
    counted = {name: _imports.c[name] + number for name, number in (counts | {"lines_done": chunk.lines}).items()}
    of_import = _imports.c.id == chunk.import_id
    tx.execute(update(_imports).where(of_import).values(counted))
    done = of_import & (_imports.c.lines_done == _imports.c.lines)
    tx.execute(update(_imports).where(done).values(finished_at=now))


def take_in(tx: Connection, sku_id: int, pasted: str, *, account_id: int | None, now: int) -> Report:
    """Add each new code of `pasted`, one a line, at once. A line that cannot be taken never loses the rest. Raises Refusal."""
    import_id = put_down(tx, sku_id, read_lines(pasted), account_id=account_id, now=now)
    while take_chunk(tx, now, import_id):
        pass
    return read_report(tx, import_id)
