"""What happened to goods after they were due: handed over once more, or a code that was replaced. Rows are never changed."""

from sqlalchemy import BigInteger, Connection, ForeignKey, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table

MOST_SHOWN = 100


class DeliveryEvent(Model):
    __tablename__ = "delivery_event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    # The card that did not work, and the one that was handed over instead.
    old_card_id: Mapped[int | None] = mapped_column(ForeignKey("card.id"))
    new_card_id: Mapped[int | None] = mapped_column(ForeignKey("card.id"))
    actor: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(300))
    happened_at: Mapped[int] = mapped_column(BigInteger)


_events = table(DeliveryEvent)


def note_delivery(
    tx: Connection,
    order_id: int,
    kind: str,
    *,
    actor: str,
    reason: str,
    old_card_id: int | None = None,
    new_card_id: int | None = None,
    now: int,
) -> None:
    """Write down that goods were 'handed_over' by hand, or a card was 'replaced'."""
    row = {"order_id": order_id, "kind": kind, "old_card_id": old_card_id, "new_card_id": new_card_id}
    tx.execute(insert(_events), row | {"actor": actor[:60], "reason": reason[:300], "happened_at": now})


def deliveries_of_order(connection: Reader, order_id: int) -> list[AnyRow]:
    """What happened to the order's goods after they were due, oldest first."""
    found = select(_events).where(_events.c.order_id == order_id).order_by(_events.c.id).limit(MOST_SHOWN)
    return list(connection.execute(found))
