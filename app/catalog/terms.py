"""The terms of a product: what the network and the hand-over have to know of it (distribution 1.10)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, bindparam, func, select

from app.catalog.product import BadProduct, Product
from app.db import table
from app.errors import N_


@dataclass(frozen=True)
class Terms:
    """What the network has to know of a product: whether and how long commission waits, and how its goods are used."""

    commissionable: bool
    hold_days: int | None
    vesting: str = "instant"
    validity_days: int | None = None
    uses: int | None = None
    forfeit_unused: bool = False
    renewal_group: str | None = None
    renewal_months: int | None = None
    refund_window_days: int = 0


_products = table(Product)
_COLUMNS = tuple(_products.c[field.name] for field in fields(Terms))
_TERMS = select(*_COLUMNS).where(_products.c.id == bindparam("product_id"))
_NATURES = select(_products.c.id, *_COLUMNS).where(
    _products.c.id.in_(bindparam("product_ids", expanding=True)), _products.c.vesting != "instant"
)


def refuse_short_hold(tx: Connection, shop_hold_days: int) -> None:
    """Refuse when any product may be refunded for longer than its commission is held. Raises BadProduct."""
    hold_days = func.coalesce(_products.c.hold_days, shop_hold_days)
    short = select(_products.c.title).where(_products.c.refund_window_days > hold_days).limit(1)
    title = tx.execute(short).scalar()
    if title is not None:
        raise BadProduct(
            N_("“%(title)s” may be refunded for longer than its commission is held. Please hold it longer."),
            field="hold_days",
            title=title,
        )


def terms_of(connection: Connection, product_id: int) -> Terms:
    row = connection.execute(_TERMS, {"product_id": product_id}).one()
    return Terms(**row._mapping)


def natures_of(connection: Connection, product_ids: Sequence[int]) -> dict[int, Terms]:
    """product id -> its terms, of those that are not used up at once; in one statement."""
    found = connection.execute(_NATURES, {"product_ids": list(product_ids)}).mappings()
    return {row["id"]: Terms(**{name: value for name, value in row.items() if name != "id"}) for row in found}
