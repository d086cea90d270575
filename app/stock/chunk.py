"""A chunk of a card import: its codes, sealed, until they are taken in, and how each line of it went."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, Reader, table
from app.stock.card_import import CardImport

WAITING = text("taken_at IS NULL")


class CardImportChunk(Model):
    __tablename__ = "card_import_chunk"
    __table_args__ = (
        UniqueConstraint("import_id", "position"),
        Index("ix_card_import_chunk_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("card_import.id"))
    position: Mapped[int] = mapped_column(Integer)
    lines: Mapped[int] = mapped_column(Integer)
    codes_sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info={"sealed": "card_import_chunk:{import_id}-{position}:codes"}
    )
    repeated: Mapped[str] = mapped_column(Text)
    known: Mapped[str] = mapped_column(Text)
    malformed: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Report:
    """How an import went, by line numbers of the text, counted from 1."""

    added: int
    repeated_in_text: list[int]
    already_in_stock: list[int]
    malformed: list[int]


_imports = table(CardImport)
_chunks = table(CardImportChunk)


def place_of_chunk(import_id: int, position: int) -> str:
    """What a chunk's ciphertext is bound to."""
    return f"card_import_chunk:{import_id}-{position}:codes"


def pack(numbers: list[int]) -> str:
    """Ascending line numbers in few characters: [4, 5, 6, 9] as "4-6,9"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def unpack(packed: str) -> Iterator[int]:
    """The numbers of which `pack` made this."""
    for span in packed.split(",") if packed else ():
        first, _, last = span.partition("-")
        yield from range(int(first), int(last or first) + 1)


def count_packed(packed: str) -> int:
    """How many numbers those are."""
    return sum(1 for _number in unpack(packed))


def read_report(reader: Reader, import_id: int) -> Report:
    """How an import went, as far as it was taken in."""
    wanted = select(_chunks.c.repeated, _chunks.c.known, _chunks.c.malformed)
    rows = reader.execute(wanted.where(_chunks.c.import_id == import_id).order_by(_chunks.c.position)).all()
    added = reader.execute(select(_imports.c.added).where(_imports.c.id == import_id)).scalar_one()
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    repeated, known, malformed = ([number for text in column for number in unpack(text)] for column in columns)
    return Report(added, repeated, known, malformed)
