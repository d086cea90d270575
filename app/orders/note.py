"""A note: what the shop's people tell one another about an order. It is added to, never changed."""

from sqlalchemy import BigInteger, Connection, ForeignKey, Text, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table

LONGEST = 2000
MOST_SHOWN = 100


class OrderNote(Model):
    __tablename__ = "order_note"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(BigInteger)


_notes = table(OrderNote)


def add_note(tx: Connection, order_id: int, account_id: int, text: str, now: int) -> None:
    row = {"order_id": order_id, "account_id": account_id, "text": text, "created_at": now}
    tx.execute(insert(_notes), row)


def notes_of_order(connection: Reader, order_id: int) -> list[AnyRow]:
    """The latest notes of an order: id, account_id, text, created_at."""
    wanted = select(_notes).where(_notes.c.order_id == order_id).order_by(_notes.c.id.desc()).limit(MOST_SHOWN)
    return list(connection.execute(wanted))
