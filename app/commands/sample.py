"""`flask --app wsgi sample load`: a shop to look at; `sample story`: what its three distributors earned."""

import click
from flask.cli import AppGroup
from sqlalchemy import Connection, select

from app import catalog, clock, payments, shop, stock, vault
from app.catalog import Product, Sku
from app.commands import sample_story
from app.commands.sample_goods import CATEGORIES, GOODS, Goods
from app.db import db, table, transaction
from app.money import yuan

sample = AppGroup("sample", help="The sample shop.")


@sample.command("load")
def load() -> None:
    """Fill an empty shop with sample goods and three months of the article's story."""
    if not is_due():
        raise click.ClickException("The shop has products or channels already; the sample is for an empty shop.")
    load_all()
    click.echo("The sample shop is ready: 12 buyers, 24 orders, two levels of commission.")


@sample.command("story")
def story() -> None:
    """Print what the story's three distributors earned, from the ledger."""
    if not shop.read_settings(db.session).sample:
        raise click.ClickException("This is not the sample shop. Load it first: flask --app wsgi sample load")
    for name, fen in sample_story.earned(db.session):
        click.echo(f"{name} {yuan(fen)}")


def is_due() -> bool:
    """Whether the shop is so empty that a sample disturbs nobody: no product, no channel."""
    something = db.session.scalar(select(Product.id).limit(1)) or payments.list_channels(db.session)
    return not something


def load_all() -> None:
    """Load goods, then the story. The goods come in one transaction; each act of the story has its own."""
    now = clock.now()
    transaction(_load_goods, now - sample_story.MONTHS_SECONDS)
    sample_story.tell(now)
    transaction(shop.change_settings, sample=True)


def _load_goods(tx: Connection, now: int) -> None:
    settings = {"merchant_id": "1000", "key": vault.token(24)}
    payments.create_channel(
        tx, slug="sandbox", gateway="sandbox", name="测试网关", settings=settings, enabled=True, now=now
    )
    categories = {
        slug: catalog.save_category(tx, None, name=name, position=position, slug=slug)
        for position, (slug, name) in enumerate(CATEGORIES)
    }
    products = [
        _load_product(tx, goods, categories[goods.category], position, now) for position, goods in enumerate(GOODS)
    ]
    shop.change_settings(tx, sample_products=products)


def _load_product(tx: Connection, goods: Goods, category_id: int, position: int, now: int) -> int:
    product_id = catalog.create_product(
        tx,
        slug=goods.slug,
        title=goods.title,
        summary=goods.summary,
        delivers=goods.delivers,
        body_markdown=goods.body,
        category_id=category_id,
        hue=goods.hue,
        motif=goods.motif,
        position=position,
        price_fen=goods.price_fen,
        cost_fen=None,
        min_quantity=1,
        max_quantity=5,
        now=now,
    )
    catalog.publish(tx, product_id)
    skus = table(Sku)
    sku_id = tx.execute(select(skus.c.id).where(skus.c.product_id == product_id)).scalar_one()
    codes = "\n".join(f"SAMPLE-{vault.code(4)}-{vault.code(4)}-{vault.code(4)}" for _ in range(goods.codes))
    if codes:
        stock.take_in(tx, sku_id, codes, account_id=None, now=now)
    return product_id
