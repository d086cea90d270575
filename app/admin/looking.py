"""How things are, for the audit log: plain values by name, before an act and after it. Secrets and long texts are told by a fingerprint."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from app import outbox, payments, referral, vault
from app.admin.rewards import in_words
from app.catalog import Category, Product, Sku
from app.db import table
from app.payments import Channel
from app.referral import Tier

OF_PRODUCT = (
    *(
        "slug",
        "title",
        "summary",
        "delivers",
        "category_id",
        "state",
        "position",
        "hue",
        "motif",
        "commissionable",
        "hold_days",
    ),
    *("vesting", "validity_days", "uses", "forfeit_unused", "renewal_group", "renewal_months", "refund_window_days"),
)
OF_SKU = ("price_fen", "cost_fen", "min_quantity", "max_quantity", "low_stock")


def mark(text: str) -> str:
    """A fingerprint of a text that is too long for the log, or that nobody may read there."""
    return vault.blind("audit", text).hex()[:12] if text else ""


def product(tx: Connection, product_id: int) -> dict[str, Any]:
    """A product with its price and its rates."""
    products, skus = table(Product), table(Sku)
    columns = [products.c[name] for name in (*OF_PRODUCT, "body_markdown")] + [skus.c[name] for name in OF_SKU]
    row = tx.execute(
        select(*columns).join(skus, skus.c.product_id == products.c.id).where(products.c.id == product_id)
    ).first()
    if row is None:
        return {}
    values = dict(row._mapping)
    return (
        values
        | {"body_markdown": mark(values["body_markdown"])}
        | rates(tx, "product", product_id)
        | rates(tx, "product_tier", product_id)
    )


def category(tx: Connection, category_id: int) -> dict[str, Any]:
    """A category with its rates."""
    categories = table(Category)
    columns = (categories.c.name, categories.c.position, categories.c.parent_id)
    row = tx.execute(select(*columns).where(categories.c.id == category_id)).first()
    return {} if row is None else dict(row._mapping) | rates(tx, "category", category_id)


def tier(tx: Connection, tier_id: int) -> dict[str, Any]:
    tiers = table(Tier)
    columns = (tiers.c.name, tiers.c.min_sales_fen, tiers.c.position)
    row = tx.execute(select(*columns).where(tiers.c.id == tier_id)).first()
    return {} if row is None else dict(row._mapping)


def rates(tx: Connection, scope: str, scope_id: int | None = None) -> dict[str, str]:
    """What each level earns in a scope, as it was saved: "category:3 level 1" -> "10%"."""
    found: dict[str, str] = {}
    for renewal in (False, True):
        for (one_id, tier_id), rewards in referral.list_rates(tx, scope, renewal=renewal).items():
            if scope_id in (None, one_id):
                where = f"{scope}:{one_id}" + (f" tier:{tier_id}" if tier_id else "")
                found |= {
                    f"{where} level {level}{' renewal' if renewal else ''}": in_words(reward)
                    for level, reward in rewards.items()
                }
    return found


def account(fields: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of an account elsewhere; of a secret only its fingerprint, which tells that it is another one."""
    secrets = {one.name for one in fields if one.is_secret}
    told = {name: mark(str(value)) if name in secrets else value for name, value in settings.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}


def channel(tx: Connection, slug: str) -> dict[str, Any]:
    """A payment channel, its keys as fingerprints."""
    found = payments.channel_by_slug(tx, slug)
    if found is None:
        return {}
    position = tx.execute(select(table(Channel).c.position).where(table(Channel).c.id == found.id)).scalar()
    place = {"name": found.name, "enabled": found.enabled, "position": position}
    return place | vars(found.terms) | account(found.gateway.fields, found.settings)


def outlet(tx: Connection, slug: str) -> dict[str, Any]:
    """A way by which letters leave, its keys as fingerprints."""
    found = outbox.find_outlet(tx, slug)
    if found is None:
        return {}
    return {"name": found.name, "enabled": found.enabled} | account(found.carrier.fields, found.settings)
