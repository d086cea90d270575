"""Taking codes in from pasted text, with duplicates told apart."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, ForeignKey, Integer, bindparam, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import Id, Model, table
from app.errors import N_, Refusal
from app.stock.card import Card, place_of

LONGEST_CODE = 2000
MOST_LINES = 20000
BATCH = 500


class CardImport(Model):
    __tablename__ = "card_import"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[int] = mapped_column(Integer, default=0)
    repeated_in_text: Mapped[int] = mapped_column(Integer, default=0)
    already_in_stock: Mapped[int] = mapped_column(Integer, default=0)
    malformed: Mapped[int] = mapped_column(Integer, default=0)


@dataclass(frozen=True)
class Report:
    """How an import went, by line numbers of the text, counted from 1."""

    added: int
    repeated_in_text: list[int]
    already_in_stock: list[int]
    malformed: list[int]


_cards = table(Card)
_imports = table(CardImport)
_KNOWN = select(_cards.c.code_index).where(
    _cards.c.sku_id == bindparam("sku_id"), _cards.c.code_index.in_(bindparam("indexes", expanding=True))
)


def _malformed(code: str) -> bool:
    return len(code) > LONGEST_CODE or any(not character.isprintable() and character != "\t" for character in code)


def _read(text: str) -> tuple[dict[bytes, tuple[int, str]], list[int], list[int]]:
    codes: dict[bytes, tuple[int, str]] = {}
    repeated, malformed = [], []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        code = line.strip()
        if not code:
            continue
        if _malformed(code):
            malformed.append(number)
            continue
        index = vault.blind("card", code)
        if index in codes:
            repeated.append(number)
        else:
            codes[index] = (number, code)
    return codes, repeated, malformed


def take_in(tx: Connection, sku_id: int, pasted: str, *, account_id: int | None, now: int) -> Report:
    """Add each new code of `pasted`, one a line. A line that cannot be taken never loses the rest."""
    codes, repeated, malformed = _read(pasted)
    if len(codes) > MOST_LINES:
        raise Refusal(N_("Please import at most %(most)s codes at once."), field="codes", most=MOST_LINES)
    indexes = list(codes)
    known: set[bytes] = set()
    for start in range(0, len(indexes), BATCH):
        batch = {"sku_id": sku_id, "indexes": indexes[start : start + BATCH]}
        known.update(tx.execute(_KNOWN, batch).scalars())
    fresh = {index: code for index, (_, code) in codes.items() if index not in known}
    counts = {"repeated_in_text": len(repeated), "already_in_stock": len(known), "malformed": len(malformed)}
    import_id = tx.execute(
        insert(_imports).returning(_imports.c.id),
        counts | {"sku_id": sku_id, "account_id": account_id, "created_at": now, "added": len(fresh)},
    ).scalar_one()
    if fresh:
        shared = {"sku_id": sku_id, "state": "available", "import_id": import_id, "imported_at": now}
        rows = [
            shared | {"code_index": index, "code_sealed": vault.seal(code, place_of(index))}
            for index, code in fresh.items()
        ]
        tx.execute(insert(_cards), rows)
    return Report(len(fresh), repeated, sorted(codes[index][0] for index in known), malformed)
