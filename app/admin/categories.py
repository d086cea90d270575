"""Categories, all on one page: each with its name, its place and its rates."""

from dataclasses import replace

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from sqlalchemy import Connection

from app import catalog, referral, web
from app.admin import labels, looking
from app.admin.forms import CategoryForm, put_beside
from app.admin.rewards import Written, save_rates, saved_data
from app.catalog import Category
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.noting import Line, compared, noted
from app.shop import Settings

pages = Blueprint("categories", __name__, url_prefix="/categories")


def _prefix(category_id: int) -> str:
    # Many forms share the page; ids of fields must not.
    return f"c{category_id}-"


@pages.get("", endpoint="index")
def index() -> Response:
    return _page()


@pages.post("", endpoint="create")
def create() -> Response:
    form = CategoryForm()
    return _save(form, None) or _page(new=form, status=422)


@pages.post("/<int(max=2147483647):category_id>", endpoint="update")
def update(category_id: int) -> Response:
    if db.session.get(Category, category_id) is None:
        abort(404)
    form = CategoryForm(prefix=_prefix(category_id))
    return _save(form, category_id) or _page(changed={category_id: form}, status=422)


def _save(form: CategoryForm, category_id: int | None) -> Response | None:
    """Save what the form says and go back to the list; None when it has to be shown again."""
    if form.validate_on_submit():
        try:
            said = Line(
                "category.update" if category_id else "category.create", lambda saved_id: f"category:{saved_id}"
            )
            around = compared(said, lambda tx: looking.category(tx, category_id) if category_id else {})
            write = around(_write) if category_id else noted(replace(said, now={"name": form.name.data}), _write)
            transaction(write, category_id, form.name.data, form.position.number, form.written(), settings())
            return web.go(url_for("admin.categories.index", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return None


def _write(
    tx: Connection,
    category_id: int | None,
    name: str,
    position: int,
    rates: Written,
    settings: Settings,
) -> int:
    saved_id = catalog.save_category(tx, category_id, name=name, position=position)
    save_rates(tx, "category", saved_id, rates, settings)
    return saved_id


def _page(
    *, new: CategoryForm | None = None, changed: dict[int, CategoryForm] | None = None, status: int = 200
) -> Response:
    saved = {renewal: referral.list_rates(db.session, "category", renewal=renewal) for renewal in (False, True)}
    forms = {
        category.id: CategoryForm(
            formdata=None,
            prefix=_prefix(category.id),
            data=saved_data("category", category.id, saved=saved)
            | {"name": category.name, "position": str(category.position)},
        )
        for category in catalog.list_categories(db.session)
    }
    page = render_template(
        "admin/categories/index.html",
        categories=catalog.list_categories(db.session),
        labels=labels,
        rates=saved[False],
        shop_rates=referral.find_rates(db.session, 0),
        new=new or CategoryForm(formdata=None),
        forms=forms | (changed or {}),
        saved="saved" in request.args,
    )
    return make_response(page, status)
