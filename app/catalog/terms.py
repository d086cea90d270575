"""The terms of a product: what the network and the hand-over have to know of it (distribution 1.10)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, bindparam, func, select

from app.catalog.product import BadProduct, Product
from app.db import table
from app.errors import N_
from app.statement import Statement


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
_TERMS = Statement(select(*_COLUMNS).where(_products.c.id == bindparam("product_id")))
_NATURES = Statement(
    "SELECT id, commissionable, hold_days, vesting, validity_days, uses, forfeit_unused, renewal_group, renewal_months, "
    "refund_window_days FROM product WHERE id IN :product_ids AND vesting <> 'instant'",
    lists=("product_ids",),
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
    return Terms(*_TERMS.run(connection, {"product_id": product_id}).one())


def natures_of(connection: Connection, product_ids: Sequence[int]) -> dict[int, Terms]:
    """product id -> its terms, of those that are not used up at once; in one statement."""
    return {row.id: Terms(*row[1:]) for row in _NATURES.run(connection, {"product_ids": product_ids})}
