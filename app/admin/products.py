"""Products: listed, made and changed, with their rates in the same transaction."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from sqlalchemy import Connection, Row

from app import audit, catalog, clock, referral, web
from app.admin import labels, left, looking
from app.admin.actors import who
from app.admin.door import may
from app.admin.forms import put_beside
from app.admin.product_filter import Narrowed
from app.admin.product_form import ProductForm
from app.admin.rewards import RatesForm, Written, save_rates, saved_data, tier_forms
from app.audit import Who
from app.catalog import Product, Sku
from app.cursor import read_cursor, write_cursor
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.noting import Line, compared, noted
from app.shop import Settings

pages = Blueprint("products", __name__, url_prefix="/products")
ONE = "/<int(max=2147483647):product_id>"


def product_or_404(product_id: int) -> Row[Product, Sku]:
    row = catalog.find_product(db.session, product_id)
    if row is None:
        abort(404)
    return row


@pages.get("", endpoint="index")
def index() -> Response:
    narrowed = Narrowed()
    rows, last_id = catalog.list_inventory(
        db.session,
        narrowed.wanted,
        before=read_cursor("admin.products"),
        also=left.of_many(),
    )
    return web.page_or_partial(
        "admin/products/index.html",
        "admin/products/_rows.html",
        rows=rows,
        shots=catalog.main_photos(db.session, [row.Product.id for row in rows]),
        narrowed=narrowed,
        labels=labels,
        changed=request.args.get("changed", type=int),
        following=write_cursor("admin.products", last_id),
    )


@pages.get("/new", endpoint="new")
def new() -> Response:
    return _page("new", ProductForm(formdata=None).offer(catalog.list_categories(db.session)))


@pages.post("", endpoint="create")
def create() -> Response:
    form = ProductForm().offer(catalog.list_categories(db.session))
    if form.validate_on_submit():
        try:
            said = Line(
                "product.create",
                lambda product_id: f"product:{product_id}",
                now={"slug": form.slug.data, "title": form.title.data},
            )
            product_id = transaction(
                noted(said, _create), form.slug.data, form.values, form.written(), settings(), clock.now()
            )
            return web.go(url_for("admin.card_imports.new", product_id=product_id))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page("new", form, 422)


def _create(tx: Connection, slug: str, values: dict[str, Any], rates: Written, settings: Settings, now: int) -> int:
    product_id = catalog.create_product(tx, slug=slug, now=now, **values)
    catalog.refuse_short_hold(tx, settings.hold_days)
    save_rates(tx, "product", product_id, rates, settings)
    return product_id


@pages.get(f"{ONE}/edit", endpoint="edit")
def edit(product_id: int) -> Response:
    row = product_or_404(product_id)
    written = ProductForm.shown(row.Product, row.Sku) | saved_data("product", product_id)
    form = _fixed(ProductForm(formdata=None, data=written), row.Product)
    return _page("edit", form, row=row, tiers=tier_forms(product_id, sent=False))


@pages.post(ONE, endpoint="update")
def update(product_id: int) -> Response:
    row = product_or_404(product_id)
    form = _fixed(ProductForm(), row.Product)
    tiers = tier_forms(product_id, sent=True)
    # Every form is looked at, so that each says what is wrong with it.
    good = [each.validate() for each in tiers.values()]
    if form.validate_on_submit() and all(good):
        rates = form.written()
        for tier_id, each in tiers.items():
            rates |= each.written(tier_id)
        try:
            around = compared(
                Line("product.update", f"product:{product_id}"), lambda tx: looking.product(tx, product_id)
            )
            publisher = who() if wants_publication() else None
            transaction(around(_update), product_id, form.values, rates, settings(), publisher)
            return web.go(url_for("admin.products.edit", product_id=product_id, saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page("edit", form, 422, row=product_or_404(product_id), tiers=tiers)


def _fixed(form: ProductForm, product: Product) -> ProductForm:
    """The form of a product that exists. Its address stays: links to it are out in the world."""
    del form.slug
    return form.offer(catalog.list_categories(db.session), product.hue)


def wants_publication() -> bool:
    """Whether the form was sent by the button that also puts the product on the shelf, by somebody who may."""
    return request.form.get("publish") == "1" and may("publications", "write")


def _update(
    tx: Connection, product_id: int, values: dict[str, Any], rates: Written, settings: Settings, publisher: Who | None
) -> None:
    catalog.update_product(tx, product_id, **values)
    catalog.refuse_short_hold(tx, settings.hold_days)
    save_rates(tx, "product", product_id, rates, settings)
    if publisher is not None:
        catalog.publish(tx, product_id)
        audit.record(tx, publisher, "publication.create", f"product:{product_id}")


def _page(
    action: str,
    form: ProductForm,
    status: int = 200,
    *,
    row: Row[Product, Sku] | None = None,
    tiers: dict[int, RatesForm] | None = None,
) -> Response:
    if row is None:
        return make_response(render_template(f"admin/products/{action}.html", form=form, labels=labels), status)
    page = render_template(
        f"admin/products/{action}.html",
        form=form,
        product=row.Product,
        left=left.of_one(row.Sku.id),
        labels=labels,
        saved="saved" in request.args,
        applied=referral.find_rates(db.session, row.Product.id),
        tiers=referral.list_tiers(db.session),
        tier_forms=tiers,
    )
    return make_response(page, status)
