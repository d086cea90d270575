"""One change to many products: chosen on the list, shown in figures, and then done."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from wtforms import HiddenField, RadioField, SelectChoice, SelectField

from app import audit, catalog, vault, web
from app.admin import labels
from app.admin.actors import who
from app.admin.product_filter import Narrowed
from app.admin.rewards import check_cap
from app.audit import Who
from app.db import db, transaction
from app.display import settings
from app.errors import N_, Refusal, in_words
from app.fields import Form, WholeNumber, Yuan
from app.money import yuan
from app.shop import Settings

pages = Blueprint("bulk_changes", __name__, url_prefix="/products/bulk_changes")
KINDS = {
    "category": lazy_gettext("Put into a category"),
    "add": lazy_gettext("Price up or down by an amount"),
    "percent": lazy_gettext("Price up or down by per cent"),
    "commissionable": lazy_gettext("Distributors earn commission on it"),
    "uncommissionable": lazy_gettext("Distributors earn nothing on it"),
    "publish": lazy_gettext("Put on the shelf"),
    "unpublish": lazy_gettext("Take off the shelf"),
    "archive": lazy_gettext("Archive"),
}
PURPOSE = "bulk change"


class BulkForm(Form):
    chosen = HiddenField()
    kind = RadioField(
        lazy_gettext("What to change"), choices=[SelectChoice(kind, words) for kind, words in KINDS.items()]
    )
    category = SelectField(lazy_gettext("Category"), default="")
    way = RadioField(
        lazy_gettext("Dearer or cheaper"),
        choices=[SelectChoice("up", lazy_gettext("Dearer")), SelectChoice("down", lazy_gettext("Cheaper"))],
        default="up",
    )
    amount = Yuan(lazy_gettext("By, yuan"), blank=True)
    percent = WholeNumber(lazy_gettext("By, per cent"), least=1, most=300, blank=True)

    def offer(self, branches: list[catalog.Branch]) -> "BulkForm":
        choices = [SelectChoice(str(one.category.id), one.indented) for one in branches]
        self.category.choices = [SelectChoice("", lazy_gettext("None")), *choices]
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        for kind, field in (("add", self.amount), ("percent", self.percent)):
            if self.kind.data == kind and not field.number and not field.errors:
                field.errors = [field.sentence()]
                good = False
        return good

    @property
    def number(self) -> int | None:
        sign = -1 if self.way.data == "down" else 1
        match self.kind.data:
            case "category":
                return int(self.category.data) if self.category.data else None
            case "add":
                return sign * int(self.amount.number or 0)
            case "percent":
                return sign * int(self.percent.number or 0) * 100
        return None


@pages.get("/new", endpoint="new")
def new() -> Response:
    if "all" in request.args:
        ids = catalog.list_ids(db.session, Narrowed().wanted, catalog.MOST_AT_ONCE)
    else:
        ids = [int(one) for one in request.args.getlist("product") if one.isascii() and one.isdigit() and len(one) < 10]
    form = BulkForm(formdata=None, data={"chosen": vault.sign(PURPOSE, ids[: catalog.MOST_AT_ONCE])})
    return _page(form, ids)


@pages.post("/preview", endpoint="preview")
def preview() -> Response:
    """What each product was and will be, and which are left as they are; nothing is changed yet."""
    form = BulkForm().offer(catalog.branches(catalog.list_categories(db.session)))
    ids = _unsigned(form.chosen.data)
    if not form.validate_on_submit():
        return _page(form, ids, 422)
    kind = form.kind.data
    steps = catalog.plan_bulk(db.session, ids, kind, form.number)
    fit = [[one.product_id, one.was, one.will] for one in steps if not one.refusal]
    page = render_template(
        "admin/bulk_changes/preview.html",
        steps=steps,
        count=len(fit),
        plan=vault.sign(PURPOSE, [kind, fit]),
        words=KINDS[kind],
        told=_teller(kind),
        in_words=in_words,
    )
    return make_response(page)


@pages.post("", endpoint="create")
def create() -> Response:
    match vault.unsign(PURPOSE, request.form.get("plan")):
        case [str(kind), list(steps)] if kind in catalog.FIELDS:
            done = transaction(_change, kind, steps, settings(), who())
            return web.go(url_for("admin.products.index", changed=len(done)))
    raise Refusal(N_("This plan is not whole. Please choose the products again."))


def _change(tx: Connection, kind: str, steps: list[Any], settings: Settings, who: Who) -> list[int]:
    done = catalog.change_bulk(tx, kind, [tuple(step) for step in steps])
    check_cap(tx, settings)
    field = catalog.FIELDS[kind]
    changed = set(done)
    for product_id, was, will in steps:
        if product_id in changed:
            audit.record(tx, who, "bulk_change.create", f"product:{product_id}", was={field: was}, now={field: will})
    return done


def _unsigned(text: str | None) -> list[int]:
    match vault.unsign(PURPOSE, text):
        case list(ids):
            return [one for one in ids if isinstance(one, int)]
    return []


def _teller(kind: str) -> Any:
    """How a value of this kind is told: an amount, a category's name, a state, yes or no."""
    names = {one.id: one.name for one in catalog.list_categories(db.session)}
    match catalog.FIELDS[kind]:
        case "price_fen":
            return lambda value: f"¥{yuan(value)}"
        case "category_id":
            return lambda value: names.get(value, _("None"))
        case "state":
            return lambda value: labels.PRODUCT_STATES[value]
    return lambda value: _("Yes") if value else _("No")


def _page(form: BulkForm, ids: list[int], status: int = 200) -> Response:
    form.offer(catalog.branches(catalog.list_categories(db.session)))
    chosen = catalog.plan_bulk(db.session, ids, "archive", None)
    return make_response(render_template("admin/bulk_changes/new.html", form=form, chosen=chosen), status)
