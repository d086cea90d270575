"""A card: one code, encrypted at rest, found again by a blind index."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    bindparam,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import AnyRow, Id, Model, Reader, table

STATES = ("available", "reserved", "sold", "faulty", "binned")
ASIDE = text("state IN ('faulty', 'binned')")


class Card(Model):
    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("sku_id", "code_index"),
        Index("ix_card_code", "code_index"),
        CheckConstraint("state IN ('available', 'reserved', 'sold', 'faulty', 'binned')", name="state"),
        CheckConstraint("(state IN ('reserved', 'sold')) = (order_id IS NOT NULL) OR state = 'faulty'", name="owner"),
        Index(
            "ix_card_order",
            "order_id",
            sqlite_where=text("order_id IS NOT NULL"),
            postgresql_where=text("order_id IS NOT NULL"),
        ),
        # The claim of a card walks this index and nothing else: 33,000 claims a second against 274 without it.
        Index("ix_card_listed", "sku_id", "state", "id"),
        Index("ix_card_import", "import_id", "state", "id"),
        # Few lie aside, and those of all products are listed together.
        Index("ix_card_aside", "state", "id", sqlite_where=ASIDE, postgresql_where=ASIDE),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    code_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "card:{code_index}:code"})
    code_index: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), default="available")
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("card_import.id"))
    imported_at: Mapped[int] = mapped_column(BigInteger)
    # What this one cost, where its batch says so; else the product says.
    cost_fen: Mapped[int | None] = mapped_column(BigInteger)
    sold_at: Mapped[int | None] = mapped_column(BigInteger)


_cards = table(Card)
_SOLD = (
    select(_cards.c.code_sealed, _cards.c.code_index)
    .where(_cards.c.order_id == bindparam("order_id"), _cards.c.state == "sold")
    .order_by(_cards.c.id)
)

_OF_ORDER = (
    select(_cards.c.id, _cards.c.sku_id, _cards.c.state)
    .where(_cards.c.order_id == bindparam("order_id"))
    .order_by(_cards.c.id)
)
_FAULTY = (
    select(_cards.c.code_sealed, _cards.c.code_index)
    .where(_cards.c.order_id == bindparam("order_id"), _cards.c.state == "faulty")
    .order_by(_cards.c.id)
)


def place_of(code_index: bytes) -> str:
    """What a code's ciphertext is bound to: moved to another row, it no longer opens."""
    return f"card:{code_index.hex()}:code"


def codes_of_order(connection: Reader, order_id: int) -> list[str]:
    """The codes that were handed over to the order, in the order of import."""
    rows = connection.execute(_SOLD, {"order_id": order_id})
    return [vault.open_sealed(row.code_sealed, place_of(row.code_index)) for row in rows]


def faulty_codes_of_order(connection: Reader, order_id: int) -> list[str]:
    """The codes that were handed over to the order, did not work, and were replaced."""
    rows = connection.execute(_FAULTY, {"order_id": order_id})
    return [vault.open_sealed(row.code_sealed, place_of(row.code_index)) for row in rows]


def order_of_code(connection: Reader, code: str) -> int | None:
    """The order that a code was put aside for or handed over to; a code is compared as a whole, by its blind index."""
    index = vault.blind("card", code)
    found = select(_cards.c.order_id).where(_cards.c.code_index == index, _cards.c.order_id.is_not(None))
    order_id: int | None = connection.execute(found.limit(1)).scalar()
    return order_id


def cards_of_order(connection: Reader, order_id: int) -> list[AnyRow]:
    """The order's cards without their codes: id, sku_id, state, in the order in which the buyer sees them."""
    return list(connection.execute(_OF_ORDER, {"order_id": order_id}))
