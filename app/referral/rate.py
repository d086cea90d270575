"""Rates: what each level earns, by product, else by the nearest category, else by the shop (distribution 1.6)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import CheckConstraint, Connection, Integer, String, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal

# Two paid levels, by law and by conviction: this is no setting, and nothing can be configured to pay a third.
LEVELS = (1, 2)
DEFAULT_BPS = {1: 1000, 2: 500}
HARD_CAP_BPS = 3000
Rules = dict[int, tuple[str, int]]
Pair = dict[int, int]


class CapExceeded(Refusal):
    """The rates together would give away more than the cap."""


class Rate(Model):
    __tablename__ = "rate"
    __table_args__ = (
        UniqueConstraint("scope", "scope_id", "level"),
        CheckConstraint("scope IN ('shop', 'category', 'product')", name="scope"),
        CheckConstraint("level IN (1, 2)", name="level"),
        CheckConstraint("rate_bps BETWEEN 0 AND 3000", name="rate"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(10))
    scope_id: Mapped[int] = mapped_column(Id)
    level: Mapped[int] = mapped_column(Integer)
    rate_bps: Mapped[int] = mapped_column(Integer)


_rates = table(Rate)
_FIND = text(
    """
WITH RECURSIVE up(product_id, id, parent_id, depth) AS (
  SELECT product.id, category.id, category.parent_id, 0 FROM category JOIN product ON product.category_id = category.id
    WHERE product.id IN :product_ids
  UNION ALL SELECT up.product_id, category.id, category.parent_id, up.depth + 1 FROM category
    JOIN up ON category.id = up.parent_id WHERE up.depth < 20
)
SELECT scope_id AS product_id, scope, scope_id, level, rate_bps, 0 AS distance FROM rate
  WHERE scope = 'product' AND scope_id IN :product_ids
UNION ALL SELECT up.product_id, rate.scope, rate.scope_id, rate.level, rate.rate_bps, 1 + up.depth FROM rate JOIN up
  ON rate.scope = 'category' AND rate.scope_id = up.id
UNION ALL SELECT 0, scope, scope_id, level, rate_bps, 100 FROM rate WHERE scope = 'shop'
ORDER BY distance
"""
).bindparams(bindparam("product_ids", expanding=True))
_UPSERT = text(
    "INSERT INTO rate (scope, scope_id, level, rate_bps) VALUES (:scope, :scope_id, :level, :rate_bps) "
    "ON CONFLICT (scope, scope_id, level) DO UPDATE SET rate_bps = excluded.rate_bps"
)
_DELETE = text("DELETE FROM rate WHERE scope = :scope AND scope_id = :scope_id AND level = :level")
# Every product whose rate is its own, and one product that stands for each category and for the shop at large.
_REPRESENTATIVES = text(
    "SELECT DISTINCT scope_id FROM rate WHERE scope = 'product' UNION SELECT min(id) FROM product GROUP BY category_id"
)


def find_rates(connection: Reader, product_id: int) -> Rules:
    """level -> (winning rule, bps) for a product. The first hit wins, level by level; an explicit 0 is a hit."""
    return rates_by_product(connection, [product_id])[product_id]


def rates_by_product(connection: Reader, product_ids: Sequence[int]) -> dict[int, Rules]:
    """product id -> what `find_rates` says of it, for a page of products at once."""
    found: dict[int, Rules] = {product_id: {} for product_id in product_ids}
    for row in connection.execute(_FIND, {"product_ids": list(product_ids)}):
        rule = row.scope if row.scope == "shop" else f"{row.scope}:{row.scope_id}"
        for product_id in product_ids if row.scope == "shop" else (row.product_id,):
            found[product_id].setdefault(row.level, (rule, row.rate_bps))
    return {
        product_id: {level: rules.get(level, ("default", DEFAULT_BPS[level])) for level in LEVELS}
        for product_id, rules in found.items()
    }


def list_rates(connection: Reader, scope: str) -> dict[int, Pair]:
    """scope id -> level -> bps, as they were saved; the shop's scope id is 0, and has the defaults where nothing was."""
    saved: dict[int, Pair] = {0: dict(DEFAULT_BPS)} if scope == "shop" else {}
    rows: list[AnyRow] = list(
        connection.execute(select(_rates.c.scope_id, _rates.c.level, _rates.c.rate_bps).where(_rates.c.scope == scope))
    )
    for row in rows:
        saved.setdefault(row.scope_id, {})[row.level] = row.rate_bps
    return saved


def save_rates(
    tx: Connection, scope: str, scope_id: int, rates: Mapping[int, int | None], *, reserved_bps: int, cap_bps: int
) -> None:
    """Save a scope's rate of each level; None removes it, so that the next wider rule applies.

    `reserved_bps` is what else is given away of a sale (self-purchase discount and pool). Raises CapExceeded, and the caller's
    transaction ends, when any product would then give away more than `cap_bps`, or level 2 would earn more than level 1.
    """
    for level in LEVELS:
        row = {"scope": scope, "scope_id": scope_id, "level": level, "rate_bps": rates.get(level)}
        tx.execute(_UPSERT if row["rate_bps"] is not None else _DELETE, row)
    _check(_shop_rates(tx), reserved_bps, cap_bps)
    _check_categories(tx, reserved_bps, cap_bps)
    for product_id in tx.execute(_REPRESENTATIVES).scalars():
        _check({level: bps for level, (_, bps) in find_rates(tx, product_id).items()}, reserved_bps, cap_bps)


def _shop_rates(tx: Connection) -> Pair:
    return list_rates(tx, "shop")[0]


def _check_categories(tx: Connection, reserved_bps: int, cap_bps: int) -> None:
    shop = _shop_rates(tx)
    for own in list_rates(tx, "category").values():
        _check(shop | own, reserved_bps, cap_bps)


def _check(pair: Pair, reserved_bps: int, cap_bps: int) -> None:
    total_bps = reserved_bps + sum(pair.values())
    if total_bps > min(cap_bps, HARD_CAP_BPS):
        raise CapExceeded(
            N_("Together with discount and pool these rates give away %(total)s%%, more than the cap of %(cap)s%%."),
            field="l1_percent",
            total=f"{total_bps / 100:g}",
            cap=f"{min(cap_bps, HARD_CAP_BPS) / 100:g}",
        )
    if pair[2] > pair[1]:
        raise CapExceeded(N_("Level 2 cannot earn more than level 1."), field="l2_percent")
