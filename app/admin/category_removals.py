"""The removal of a category: first where what stands in it and under it shall go, in figures; then the act."""

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from wtforms import SelectChoice, SelectField

from app import catalog, referral, web
from app.admin import looking
from app.admin.categories import ONE, category_or_404
from app.admin.forms import put_beside
from app.admin.rewards import check_cap
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.fields import Form
from app.noting import Line, compared
from app.shop import Settings

pages = Blueprint("category_removals", __name__, url_prefix=f"/categories{ONE}/removal")


class RemovalForm(Form):
    to = SelectField(lazy_gettext("Where they go"), default="")


def _form(category_id: int, *, sent: bool) -> RemovalForm:
    form = RemovalForm() if sent else RemovalForm(formdata=None)
    categories = catalog.list_categories(db.session)
    gone = catalog.below(categories, category_id)
    fit = [one for one in catalog.branches(categories) if one.category.id not in gone]
    choices = [SelectChoice(str(one.category.id), one.indented) for one in fit]
    form.to.choices = [
        SelectChoice("", lazy_gettext("Nowhere: products without a category, categories at the top")),
        *choices,
    ]
    return form


@pages.get("/new", endpoint="new")
def new(category_id: int) -> Response:
    category_or_404(category_id)
    return _page(category_id, _form(category_id, sent=False))


@pages.post("", endpoint="create")
def create(category_id: int) -> Response:
    category_or_404(category_id)
    form = _form(category_id, sent=True)
    if form.validate_on_submit():
        try:
            line = Line("category.destroy", f"category:{category_id}")
            around = compared(line, lambda tx: looking.category(tx, category_id))
            to = int(form.to.data) if form.to.data else None
            transaction(around(_remove), category_id, to, settings())
            return web.go(url_for("admin.categories.index", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(category_id, form, 422)


def _remove(tx: Connection, category_id: int, to: int | None, settings: Settings) -> None:
    catalog.move_products(tx, category_id, to)
    for renewal in (False, True):
        referral.write_rates(tx, "category", category_id, {}, renewal=renewal)
    catalog.remove_category(tx, category_id, to)
    check_cap(tx, settings)


def _page(category_id: int, form: RemovalForm, status: int = 200) -> Response:
    categories = catalog.list_categories(db.session)
    page = render_template(
        "admin/category_removals/new.html",
        category=category_or_404(category_id),
        children=catalog.children_of(categories, category_id),
        products=catalog.count_products(db.session, category_id),
        form=form,
    )
    return make_response(page, status)
