"""One change to many products: first a plan of what each was and will be, then the act, which changes what still is as planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from app.catalog.product import Product
from app.catalog.sku import Sku
from app.db import Reader, table
from app.errors import N_, Refusal
from app.money import share

MOST_AT_ONCE = 500
MOST_FEN = 100_000_000
# What each kind of change writes to.
FIELDS = {
    "category": "category_id",
    "add": "price_fen",
    "percent": "price_fen",
    "commissionable": "commissionable",
    "uncommissionable": "commissionable",
    "publish": "state",
    "unpublish": "state",
    "archive": "state",
}
_STATES = {"publish": "published", "unpublish": "draft", "archive": "archived"}
_products, _skus = table(Product), table(Sku)


@dataclass(frozen=True)
class Step:
    """What a change does to one product; `refusal` says why it does nothing."""

    product_id: int
    title: str
    was: Any
    will: Any
    refusal: str = ""


def plan_bulk(connection: Reader, product_ids: Sequence[int], kind: str, number: int | None) -> list[Step]:
    """What a change of `kind` would do to each product: `number` is a category, an amount in fen or a rate in bps, signed."""
    field = FIELDS[kind]
    columns = (_products.c.id, _products.c.title, _products.c.state, _column(field).label("was"))
    joined = select(*columns).join(_skus, _skus.c.product_id == _products.c.id)
    rows = connection.execute(
        joined.where(_products.c.id.in_(product_ids[:MOST_AT_ONCE])).order_by(_products.c.id.desc())
    )
    return [_step(row.id, row.title, row.state, row.was, kind, number) for row in rows]


def _column(field: str) -> Any:
    return _skus.c[field] if field in _skus.c else _products.c[field]


def _step(product_id: int, title: str, state: str, was: Any, kind: str, number: int | None) -> Step:
    will = _will(was, kind, number)
    refusal = ""
    if state == "archived":
        refusal = N_("Archived: take it out of the archive first.")
    elif will == was:
        refusal = N_("It is like that already.")
    elif FIELDS[kind] == "price_fen" and not 1 <= will <= MOST_FEN:
        refusal = N_("The price would be below ¥0.01 or above ¥1,000,000.00.")
    elif kind == "unpublish" and was != "published":
        refusal = N_("It is like that already.")
    return Step(product_id, title, was, will, refusal)


def _will(was: Any, kind: str, number: int | None) -> Any:
    match kind:
        case "category":
            return number
        case "add":
            return was + (number or 0)
        case "percent":
            part = share(was, abs(number or 0))
            return was + part if (number or 0) > 0 else was - part
        case "commissionable" | "uncommissionable":
            return kind == "commissionable"
    return _STATES[kind]


def change_bulk(tx: Connection, kind: str, steps: Sequence[tuple[int, Any, Any]]) -> list[int]:
    """Change each (product id, was, will) that still is what it was; returns whose.

    What has changed since it was planned stays, so a plan that is sent twice is carried out once.
    """
    if len(steps) > MOST_AT_ONCE:
        raise Refusal(N_("At most %(most)s products are changed at once."), most=MOST_AT_ONCE)
    column = _column(FIELDS[kind])
    owner = column.table
    key = owner.c.product_id if owner is _skus else owner.c.id
    done = []
    for product_id, was, will in steps:
        found = update(owner).where(key == product_id, column.is_not_distinct_from(was))
        if tx.execute(found.values({column.name: will})).rowcount:
            done.append(product_id)
    return done
