"""A copy of a product: everything of it but the codes, as a draft under another address."""

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection

from app import catalog, clock, web
from app.admin.forms import line, put_beside
from app.admin.products import ONE, product_or_404
from app.admin.rewards import check_cap, copy_rates
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.fields import Form
from app.noting import Line, noted
from app.shop import Settings

pages = Blueprint("copies", __name__, url_prefix=f"/products{ONE}/copies")


class CopyForm(Form):
    title = line(lazy_gettext("Title"), 80, needed=True)
    slug = line(lazy_gettext("Address"), 60, needed=True)


@pages.get("/new", endpoint="new")
def new(product_id: int) -> Response:
    product = product_or_404(product_id).Product
    wanted = {"title": product.title, "slug": catalog.free_slug(db.session, product.slug)}
    return _page(product_id, CopyForm(formdata=None, data=wanted))


@pages.post("", endpoint="create")
def create(product_id: int) -> Response:
    product_or_404(product_id)
    form = CopyForm()
    if form.validate_on_submit():
        try:
            said = Line(
                "copy.create", lambda copy_id: f"product:{copy_id}", now={"of": product_id, "slug": form.slug.data}
            )
            copy_id = transaction(
                noted(said, _copy), product_id, form.slug.data, form.title.data, settings(), clock.now()
            )
            return web.go(url_for("admin.products.edit", product_id=copy_id, saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(product_id, form, 422)


def _copy(tx: Connection, product_id: int, slug: str, title: str, settings: Settings, now: int) -> int:
    copy_id = catalog.copy_product(tx, product_id, slug=slug, title=title, now=now)
    copy_rates(tx, product_id, copy_id)
    check_cap(tx, settings)
    return copy_id


def _page(product_id: int, form: CopyForm, status: int = 200) -> Response:
    product = product_or_404(product_id).Product
    return make_response(render_template("admin/copies/new.html", product=product, form=form), status)
