"""A SKU: one thing with a price. A product has one today; the table has room for variants."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, CheckConstraint, Connection, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model
from app.errors import N_, Refusal
from app.statement import Statement


class Sku(Model):
    __tablename__ = "sku"
    __table_args__ = (
        CheckConstraint("price_fen BETWEEN 1 AND 100000000", name="price"),
        CheckConstraint("min_quantity >= 1 AND max_quantity >= min_quantity", name="quantity"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    name: Mapped[str] = mapped_column(String(40), default="")
    price_fen: Mapped[int] = mapped_column(BigInteger)
    cost_fen: Mapped[int | None] = mapped_column(BigInteger)
    min_quantity: Mapped[int] = mapped_column(Integer, default=1)
    max_quantity: Mapped[int] = mapped_column(Integer, default=10)
    position: Mapped[int] = mapped_column(Integer, default=0)
    # The merchant is told once when so few codes are left; 0: never.
    low_stock: Mapped[int] = mapped_column(Integer, default=5)
    low_told_at: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Offer:
    """What can be bought right now under a SKU's code: its price and limits, and the words that an order keeps."""

    sku_id: int
    product_id: int
    title: str
    sku_name: str
    price_fen: int
    cost_fen: int | None
    min_quantity: int
    max_quantity: int


class NotOnSale(Refusal):
    """Nothing that is published bears this SKU's code."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("This product is not on sale any more."))


_OFFER = Statement(
    "SELECT sku.id AS sku_id, product.id AS product_id, product.title, sku.name AS sku_name, sku.price_fen, "
    "sku.cost_fen, sku.min_quantity, sku.max_quantity FROM sku JOIN product ON product.id = sku.product_id "
    "WHERE sku.code = :code AND product.state = 'published'"
)


_COST = Statement("SELECT cost_fen FROM sku WHERE id = :id")


def cost_of(connection: Connection, sku_id: int) -> int | None:
    """What one unit costs the merchant, in fen; None when that is not known."""
    cost_fen: int | None = _COST.run(connection, {"id": sku_id}).scalar_one()
    return cost_fen


def find_offer(connection: Connection, sku_code: str) -> Offer:
    """The offer under `sku_code`. Raises NotOnSale."""
    row = _OFFER.run(connection, {"code": sku_code}).first()
    if row is None:
        raise NotOnSale
    return Offer(**row._asdict())
