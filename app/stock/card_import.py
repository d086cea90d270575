"""A card import: one batch of codes, with what one of it cost and how far it is."""

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Integer,
    String,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, Session, table
from app.stock.card import Card

PAGE_SIZE = 20


class CardImport(Model):
    __tablename__ = "card_import"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(60), default="")
    # What one code of it cost.
    cost_fen: Mapped[int | None] = mapped_column(BigInteger)
    encoding: Mapped[str] = mapped_column(String(10), default="utf-8")
    # Lines with something in them, and how many of those were looked at.
    lines: Mapped[int] = mapped_column(Integer, default=0)
    lines_done: Mapped[int] = mapped_column(Integer, default=0)
    added: Mapped[int] = mapped_column(Integer, default=0)
    repeated_in_text: Mapped[int] = mapped_column(Integer, default=0)
    already_in_stock: Mapped[int] = mapped_column(Integer, default=0)
    malformed: Mapped[int] = mapped_column(Integer, default=0)
    finished_at: Mapped[int | None] = mapped_column(BigInteger)

    @property
    def percent_done(self) -> int:
        return self.lines_done * 100 // max(1, self.lines)


_cards = table(Card)
_imports = table(CardImport)


def list_imports(
    session: Session, *, sku_id: int | None = None, words: str = "", before: int | None = None, limit: int = PAGE_SIZE
) -> tuple[list[CardImport], int | None]:
    """One page of batches, the newest first, and the cursor of the next page."""
    statement = select(CardImport).order_by(CardImport.id.desc()).limit(limit + 1)
    if sku_id is not None:
        statement = statement.where(CardImport.sku_id == sku_id)
    if words:
        statement = statement.where(CardImport.note.icontains(words, autoescape=True))
    if before is not None:
        statement = statement.where(CardImport.id < before)
    found = list(session.scalars(statement))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find_import(session: Session, import_id: int) -> CardImport | None:
    return session.get(CardImport, import_id)


def states_of_import(reader: Reader, import_id: int) -> dict[str, int]:
    """How many codes of a batch are in each state: a batch is bounded, and so is this."""
    counted = select(_cards.c.state, func.count()).where(_cards.c.import_id == import_id).group_by(_cards.c.state)
    return dict(reader.execute(counted).all())


def change_import(tx: Connection, import_id: int, *, note: str, cost_fen: int | None) -> None:
    """Say anew what a batch is and what one of it cost; what is sold already keeps the cost that it was sold with."""
    told = {"note": note, "cost_fen": cost_fen}
    tx.execute(update(_imports).where(_imports.c.id == import_id).values(told))
    unsold = _cards.c.state.in_(("available", "faulty", "binned")) & _cards.c.order_id.is_(None)
    tx.execute(update(_cards).where(_cards.c.import_id == import_id, unsold).values(cost_fen=cost_fen))


def import_before(tx: Connection, import_id: int) -> AnyRow:
    """What the log says of a batch: note and cost_fen."""
    return tx.execute(select(_imports.c.note, _imports.c.cost_fen).where(_imports.c.id == import_id)).one()
