"""Categories, all on one page: a tree, each with its name, what it stands under, its place and its rates."""

from dataclasses import replace

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection

from app import catalog, referral, web
from app.admin import labels, looking
from app.admin.forms import CategoryForm, put_beside
from app.admin.rewards import Written, save_rates, saved_data
from app.catalog import Category
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.fields import Form, WholeNumber
from app.noting import Line, compared, noted
from app.shop import Settings

pages = Blueprint("categories", __name__, url_prefix="/categories")
ONE = "/<int(max=2147483647):category_id>"


class PlaceForm(Form):
    place = WholeNumber(lazy_gettext("Place"), most=9999)


def _prefix(category_id: int) -> str:
    # Many forms share the page; ids of fields must not.
    return f"c{category_id}-"


@pages.get("", endpoint="index")
def index() -> Response:
    return _page()


@pages.post("", endpoint="create")
def create() -> Response:
    form = CategoryForm().offer(catalog.branches(catalog.list_categories(db.session)))
    return _save(form, None) or _page(new=form, status=422)


@pages.post(ONE, endpoint="update")
def update(category_id: int) -> Response:
    categories = catalog.list_categories(db.session)
    category_or_404(category_id)
    form = _offer(CategoryForm(prefix=_prefix(category_id)), categories, category_id)
    return _save(form, category_id) or _page(changed={category_id: form}, status=422)


def category_or_404(category_id: int) -> Category:
    category = db.session.get(Category, category_id)
    if category is None:
        abort(404)
    return category


def _offer(form: CategoryForm, categories: list[Category], category_id: int) -> CategoryForm:
    return form.offer(catalog.branches(categories), tuple(catalog.below(categories, category_id)))


def _save(form: CategoryForm, category_id: int | None) -> Response | None:
    """Save what the form says and go back to the list; None when it has to be shown again."""
    if form.validate_on_submit():
        try:
            said = Line(
                "category.update" if category_id else "category.create", lambda saved_id: f"category:{saved_id}"
            )
            around = compared(said, lambda tx: looking.category(tx, category_id) if category_id else {})
            write = around(_write) if category_id else noted(replace(said, now={"name": form.name.data}), _write)
            transaction(write, category_id, form.name.data, form.parent_id, form.written(), settings())
            return web.go(url_for("admin.categories.index", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return None


def _write(
    tx: Connection,
    category_id: int | None,
    name: str,
    parent_id: int | None,
    rates: Written,
    settings: Settings,
) -> int:
    saved_id = catalog.save_category(tx, category_id, name=name, parent_id=parent_id)
    save_rates(tx, "category", saved_id, rates, settings)
    return saved_id


@pages.post(f"{ONE}/place", endpoint="place")
def place(category_id: int) -> Response:
    """Where it shall stand among its siblings, not how far it shall go: sent twice, it moves once."""
    category_or_404(category_id)
    form = PlaceForm()
    if form.validate_on_submit():
        said = Line("category.update", f"category:{category_id}")
        around = compared(said, lambda tx: looking.category(tx, category_id))
        transaction(around(catalog.place_category), category_id, form.place.number)
    return web.go(url_for("admin.categories.index", saved=1))


def _page(
    *, new: CategoryForm | None = None, changed: dict[int, CategoryForm] | None = None, status: int = 200
) -> Response:
    saved = {renewal: referral.list_rates(db.session, "category", renewal=renewal) for renewal in (False, True)}
    categories = catalog.list_categories(db.session)
    tree = catalog.branches(categories)
    forms = {}
    for category in categories:
        data = saved_data("category", category.id, saved=saved)
        data |= {"name": category.name, "parent": str(category.parent_id or "")}
        form = CategoryForm(formdata=None, prefix=_prefix(category.id), data=data)
        forms[category.id] = _offer(form, categories, category.id)
    page = render_template(
        "admin/categories/index.html",
        branches=tree,
        labels=labels,
        applied=referral.rates_by_product(db.session, [-one.id for one in categories]),
        rates=saved[False],
        shop_rates=referral.find_rates(db.session, 0),
        new=new or CategoryForm(formdata=None).offer(tree),
        forms=forms | (changed or {}),
        saved="saved" in request.args,
    )
    return make_response(page, status)
