"""An order line: one SKU with what it was called and cost when the order was placed."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    bindparam,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table
from app.statement import Statement


class OrderLine(Model):
    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint("subtotal_fen = quantity * unit_price_fen", name="subtotal"),
        CheckConstraint("base_fen = subtotal_fen - discount_fen AND base_fen >= 0", name="base"),
        Index("ix_order_line_product", "product_id", "order_id"),
        CheckConstraint("refunded_fen BETWEEN 0 AND base_fen", name="refunded"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    title: Mapped[str] = mapped_column(String(80))
    sku_name: Mapped[str] = mapped_column(String(40))
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price_fen: Mapped[int] = mapped_column(BigInteger)
    subtotal_fen: Mapped[int] = mapped_column(BigInteger)
    discount_fen: Mapped[int] = mapped_column(BigInteger)
    base_fen: Mapped[int] = mapped_column(BigInteger)
    refunded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    # What one of it cost the merchant when the order was placed; None where that was not known.
    cost_fen: Mapped[int | None] = mapped_column(BigInteger)


_lines = table(OrderLine)
_NUMBER = Statement(
    "SELECT orders.number FROM order_line JOIN orders ON orders.id = order_line.order_id WHERE order_line.id = :line_id"
)
_INSERT = insert(_lines)
_OF_ORDER = Statement(
    select(
        _lines.c.id,
        _lines.c.sku_id,
        _lines.c.product_id,
        _lines.c.title,
        _lines.c.sku_name,
        _lines.c.quantity,
        _lines.c.unit_price_fen,
        _lines.c.subtotal_fen,
        _lines.c.discount_fen,
        _lines.c.base_fen,
        _lines.c.refunded_fen,
    )
    .where(_lines.c.order_id == bindparam("order_id"))
    .order_by(_lines.c.id)
)


def add_line(
    tx: Connection,
    order_id: int,
    *,
    sku_id: int,
    product_id: int,
    title: str,
    sku_name: str,
    quantity: int,
    unit_price_fen: int,
    discount_fen: int = 0,
    cost_fen: int | None = None,
) -> None:
    """Add a line; its base is what is really paid for it (distribution 1.5)."""
    subtotal_fen = quantity * unit_price_fen
    row = {"order_id": order_id, "sku_id": sku_id, "product_id": product_id, "title": title, "sku_name": sku_name}
    row |= {"quantity": quantity, "unit_price_fen": unit_price_fen, "subtotal_fen": subtotal_fen}
    tx.execute(
        _INSERT,
        row
        | {
            "discount_fen": discount_fen,
            "base_fen": subtotal_fen - discount_fen,
            "refunded_fen": 0,
            "cost_fen": cost_fen,
        },
    )


def number_of_line(connection: Reader, line_id: int) -> str:
    """The number of the order that a line belongs to."""
    number: str = _NUMBER.run(connection, {"line_id": line_id}).scalar_one()
    return number


def lines_of_order(connection: Reader, order_id: int) -> list[AnyRow]:
    """The order's lines: id, sku_id, product_id, title, sku_name, quantity, and the fen of each."""
    return list(_OF_ORDER.run(connection, {"order_id": order_id}))
