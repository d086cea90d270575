"""Rates: what each level earns, and which rule says so: the nearest one wins, level by level (distribution 1.6)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Connection,
    Integer,
    String,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table
from app.referral.split import Reward, Rule
from app.statement import Statement

# Two paid levels, by law and by conviction: this is no setting, and nothing can be configured to pay a third.
LEVELS = (1, 2)
DEFAULT_BPS = {1: 1000, 2: 500}
Rules = dict[int, Rule]
Rewards = dict[int, Reward]
NO_TIERS: Mapping[int, int | None] = {}


class Rate(Model):
    """One level's reward in one scope. `scope_id` is the category, product or tier; `tier_id` the tier of 'product_tier'."""

    __tablename__ = "rate"
    __table_args__ = (
        UniqueConstraint("scope", "scope_id", "tier_id", "level", "renewal"),
        CheckConstraint("scope IN ('shop', 'category', 'product', 'tier', 'product_tier')", name="scope"),
        CheckConstraint("level IN (1, 2)", name="level"),
        CheckConstraint("rate_bps BETWEEN 0 AND 3000", name="rate"),
        CheckConstraint("fixed_fen >= 0", name="fixed"),
        CheckConstraint("(rate_bps IS NULL) <> (fixed_fen IS NULL)", name="one"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(12))
    scope_id: Mapped[int] = mapped_column(Id)
    tier_id: Mapped[int] = mapped_column(Id)
    level: Mapped[int] = mapped_column(Integer)
    renewal: Mapped[bool] = mapped_column(Boolean)
    rate_bps: Mapped[int | None] = mapped_column(Integer)
    fixed_fen: Mapped[int | None] = mapped_column(BigInteger)


_rates = table(Rate)
_FIND = Statement(
    """
WITH RECURSIVE up(product_id, id, parent_id, depth) AS (
  SELECT product.id, category.id, category.parent_id, 0 FROM category JOIN product ON product.category_id = category.id
    WHERE product.id IN :product_ids
  UNION ALL SELECT -id, id, parent_id, 0 FROM category WHERE -id IN :product_ids
  UNION ALL SELECT up.product_id, category.id, category.parent_id, up.depth + 1 FROM category
    JOIN up ON category.id = up.parent_id WHERE up.depth < 20
), found(product_id, id, step) AS (
  SELECT scope_id, id, CASE scope WHEN 'product_tier' THEN 0 ELSE 2 END FROM rate
    WHERE scope IN ('product_tier', 'product') AND scope_id IN :product_ids
  UNION ALL SELECT up.product_id, rate.id, 3 + up.depth FROM rate JOIN up
    ON rate.scope = 'category' AND rate.scope_id = up.id
  UNION ALL SELECT NULL, id, 100 FROM rate WHERE scope = 'tier' AND scope_id IN :tier_ids
  UNION ALL SELECT NULL, id, 101 FROM rate WHERE scope = 'shop'
)
SELECT found.product_id, rate.scope, rate.scope_id, rate.tier_id, rate.level, rate.renewal, rate.rate_bps, rate.fixed_fen
FROM found JOIN rate ON rate.id = found.id WHERE rate.renewal IN (false, :renewal)
ORDER BY CASE WHEN rate.scope = 'tier' AND EXISTS (SELECT 1 FROM setting WHERE key = 'tier_over_product' AND value = 'true')
  THEN 1 ELSE found.step END, rate.renewal DESC
""",
    lists=("product_ids", "tier_ids"),
)
_UPSERT = Statement(
    "INSERT INTO rate (scope, scope_id, tier_id, level, renewal, rate_bps, fixed_fen) "
    "VALUES (:scope, :scope_id, :tier_id, :level, :renewal, :rate_bps, :fixed_fen) "
    "ON CONFLICT (scope, scope_id, tier_id, level, renewal) "
    "DO UPDATE SET rate_bps = excluded.rate_bps, fixed_fen = excluded.fixed_fen"
)
_DELETE = Statement(
    "DELETE FROM rate WHERE scope = :scope AND scope_id = :scope_id AND tier_id = :tier_id AND level = :level "
    "AND renewal = :renewal"
)


def find_rates(
    connection: Reader, product_id: int, *, tier_by_level: Mapping[int, int | None] = NO_TIERS, renewal: bool = False
) -> Rules:
    """level -> the rule that wins for a product, when the level's payee is of the tier that `tier_by_level` says.

    Product and tier, product, nearest category, tier, shop: the first hit wins, level by level, and an explicit 0 is a hit.
    The setting `tier_over_product` puts the tier before the product. At each step, a renewal asks for its own rate first.
    """
    return rates_by_product(connection, [product_id], tier_by_level=tier_by_level, renewal=renewal)[product_id]


def rates_by_product(
    connection: Reader,
    product_ids: Sequence[int],
    *,
    tier_by_level: Mapping[int, int | None] = NO_TIERS,
    renewal: bool = False,
) -> dict[int, Rules]:
    """product id -> what `find_rates` says of it, for a page of products at once.

    A category's id with a minus asks for a product of that category with no rates of its own.
    """
    tiers = {level: tier_by_level.get(level) for level in LEVELS}
    wanted = {"product_ids": list(product_ids), "tier_ids": list(set(tiers.values()) - {None}), "renewal": renewal}
    found: dict[int, Rules] = {product_id: {} for product_id in product_ids}
    for row in _FIND.run(connection, wanted):
        tier_id = {"tier": row.scope_id, "product_tier": row.tier_id}.get(row.scope)
        if tier_id is None or tier_id == tiers[row.level]:
            rule = Rule(row.rate_bps, row.fixed_fen, _name(row))
            for product_id in product_ids if row.product_id is None else (row.product_id,):
                found[product_id].setdefault(row.level, rule)
    default = {level: Rule(bps) for level, bps in DEFAULT_BPS.items()}
    return {product_id: {level: (default | rules)[level] for level in LEVELS} for product_id, rules in found.items()}


def _name(row: AnyRow) -> str:
    name = {
        "shop": "shop",
        "product_tier": f"product:{row.scope_id}×tier:{row.tier_id}",
    }.get(row.scope, f"{row.scope}:{row.scope_id}")
    return f"{name}:renewal" if row.renewal else name


def list_rates(connection: Reader, scope: str, *, renewal: bool = False) -> dict[tuple[int, int], Rewards]:
    """(scope id, tier id) -> level -> reward, as they were saved; nothing else is in it."""
    saved: dict[tuple[int, int], Rewards] = {}
    rows = connection.execute(select(_rates).where(_rates.c.scope == scope, _rates.c.renewal.is_(renewal)))
    for row in rows:
        saved.setdefault((row.scope_id, row.tier_id), {})[row.level] = Reward(row.rate_bps, row.fixed_fen)
    return saved


def write_rates(
    tx: Connection,
    scope: str,
    scope_id: int,
    rewards: Mapping[int, Reward | None],
    *,
    tier_id: int = 0,
    renewal: bool = False,
) -> None:
    """Save a scope's reward of each level; None removes it, so that the next wider rule applies. `check_cap` comes after."""
    for level in LEVELS:
        reward = rewards.get(level)
        row = {"scope": scope, "scope_id": scope_id, "tier_id": tier_id, "level": level, "renewal": renewal}
        if reward is None:
            _DELETE.run(tx, row)
        else:
            _UPSERT.run(tx, row | {"rate_bps": reward.rate_bps, "fixed_fen": reward.fixed_fen})
