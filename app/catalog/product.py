"""A product: what a buyer reads about, with its text rendered once when it is saved."""

import re
from typing import Any

import nh3
from markdown_it import MarkdownIt
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    insert,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.catalog.sku import Sku
from app.db import Id, Model, table
from app.errors import N_, Refusal
from app.savepoint import savepoint


class BadProduct(Refusal):
    """The product cannot be saved or published as it is."""


class Product(Model):
    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'archived')", name="state"),
        CheckConstraint("hold_days BETWEEN 0 AND 90", name="hold_days"),
        CheckConstraint("vesting IN ('instant', 'validity', 'use_count', 'first_use')", name="vesting"),
        CheckConstraint("validity_days BETWEEN 1 AND 3650", name="validity_days"),
        CheckConstraint("uses BETWEEN 1 AND 100000", name="uses"),
        CheckConstraint("vesting <> 'validity' OR validity_days IS NOT NULL", name="validity"),
        CheckConstraint("(vesting = 'use_count') = (uses IS NOT NULL)", name="use_count"),
        CheckConstraint("vesting <> 'instant' OR validity_days IS NULL", name="instant"),
        CheckConstraint("NOT forfeit_unused OR (vesting = 'use_count' AND validity_days IS NOT NULL)", name="forfeit"),
        CheckConstraint("renewal_months BETWEEN 1 AND 120", name="renewal_months"),
        CheckConstraint("refund_window_days BETWEEN 0 AND 90", name="refund_window_days"),
        Index("ix_product_renewal", "renewal_group"),
        Index("ix_product_listing", "state", "position", "id"),
        Index("ix_product_category", "category_id", "state", "position", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(String(160), default="")
    delivers: Mapped[str] = mapped_column(String(160), default="")
    body_markdown: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    kind: Mapped[str] = mapped_column(String(20), default="code")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    hue: Mapped[int] = mapped_column(Integer, default=210)
    motif: Mapped[str] = mapped_column(String(20), default="rings")
    commissionable: Mapped[bool] = mapped_column(Boolean, default=True)
    hold_days: Mapped[int | None] = mapped_column(Integer)
    vesting: Mapped[str] = mapped_column(String(10), default="instant")
    validity_days: Mapped[int | None] = mapped_column(Integer)
    uses: Mapped[int | None] = mapped_column(Integer)
    forfeit_unused: Mapped[bool] = mapped_column(Boolean, default=False)
    # Products of one group renew one another: whoever has one already renews with the next.
    renewal_group: Mapped[str | None] = mapped_column(String(40))
    renewal_months: Mapped[int | None] = mapped_column(Integer)
    refund_window_days: Mapped[int] = mapped_column(Integer, default=0)
    position: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[int] = mapped_column(BigInteger)


_products = table(Product)
_skus = table(Sku)
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "code", "pre", "hr", "a"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
# What a kind of use cannot do without.
NEEDS = {"validity": "validity_days", "use_count": "uses"}
# What a kind of use knows of; the rest is not kept, so that a page never shows a figure that means nothing.
KNOWS = {
    "instant": frozenset[str](),
    "validity": frozenset({"validity_days"}),
    "use_count": frozenset({"validity_days", "uses", "forfeit_unused"}),
    "first_use": frozenset({"validity_days"}),
}
OF_USE = {"validity_days": None, "uses": None, "forfeit_unused": False}
OF_SKU = frozenset({"price_fen", "cost_fen", "min_quantity", "max_quantity", "low_stock"})


def render_markdown(text: str) -> str:
    """Safe HTML of a product's text; no pictures, no script, links open without a referrer's window."""
    html = _markdown.render(text)
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})


def _split(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    product = {key: value for key, value in values.items() if key not in OF_SKU}
    if "body_markdown" in product:
        product["body_html"] = render_markdown(product["body_markdown"])
    if "vesting" in product:
        product |= _use(product)
    sku = {key: value for key, value in values.items() if key in OF_SKU}
    if sku and sku["min_quantity"] > sku["max_quantity"]:
        raise BadProduct(N_("The most that one order may hold is below the least."), field="max_quantity")
    return product, sku


def _use(product: dict[str, Any]) -> dict[str, Any]:
    """How the goods are used: the figures that belong to the kind, and nothing of the others. Raises BadProduct."""
    kind = product["vesting"]
    if kind in NEEDS and not product.get(NEEDS[kind]):
        raise BadProduct(N_("Please say for how long, or how often, it can be used."), field=NEEDS[kind])
    if product.get("forfeit_unused") and "forfeit_unused" in KNOWS[kind] and not product.get("validity_days"):
        raise BadProduct(
            N_("Uses without an end are never left over: please say when they end."), field="validity_days"
        )
    return {name: product.get(name, none) if name in KNOWS[kind] else none for name, none in OF_USE.items()}


def create_product(tx: Connection, *, slug: str, now: int, **values: Any) -> int:
    """Add a draft with one SKU and return its id. Raises BadProduct when the address is taken or malformed."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", slug, re.ASCII):
        raise BadProduct(N_("Please use small letters, digits and hyphens for the address."), field="slug")
    product, sku = _split(values)
    try:
        with savepoint(tx):
            product_id: int = tx.execute(
                insert(_products).returning(_products.c.id), product | {"slug": slug, "created_at": now}
            ).scalar_one()
    except IntegrityError:
        raise BadProduct(N_("Another product has this address already."), field="slug") from None
    tx.execute(insert(_skus), sku | {"product_id": product_id, "code": vault.token(9)})
    return product_id


def update_product(tx: Connection, product_id: int, **values: Any) -> None:
    """Change a product and its SKU. Orders that were placed keep what they saw."""
    product, sku = _split(values)
    tx.execute(update(_products).where(_products.c.id == product_id).values(**product))
    if sku:
        tx.execute(update(_skus).where(_skus.c.product_id == product_id).values(**sku))


def move_products(tx: Connection, category_id: int, to: int | None) -> int:
    """Let the products of a category, in any state, stand in another or in none; returns how many."""
    moved = update(_products).where(_products.c.category_id == category_id).values(category_id=to)
    return tx.execute(moved).rowcount


def publish(tx: Connection, product_id: int) -> None:
    """Put a product on the shelf. Raises BadProduct for one that is archived."""
    if not _turn(tx, product_id, "published", ("draft", "published")):
        raise BadProduct(N_("This product is archived. Please take it out of the archive first."))


def unpublish(tx: Connection, product_id: int) -> bool:
    """Take a product off the shelf; False when it did not stand there."""
    return _turn(tx, product_id, "draft", ("published",))


def archive(tx: Connection, product_id: int) -> bool:
    """Sell a product no more and keep it out of the lists; its orders stay. False when it was archived before."""
    return _turn(tx, product_id, "archived", ("draft", "published"))


def unarchive(tx: Connection, product_id: int) -> bool:
    """Take a product out of the archive, off the shelf as yet; False when it was not in there."""
    return _turn(tx, product_id, "draft", ("archived",))


def _turn(tx: Connection, product_id: int, state: str, before: tuple[str, ...]) -> bool:
    found = update(_products).where(_products.c.id == product_id, _products.c.state.in_(before))
    return tx.execute(found.values(state=state)).rowcount == 1
