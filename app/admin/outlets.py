"""Outlets: the ways by which letters leave the shop. Keys are written here with the password and never shown."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField

from app import clock, outbox, vault, web, wording
from app.admin import looking
from app.admin.detail_form import DetailForm, inputs_of
from app.admin.forms import put_beside
from app.db import db, transaction
from app.errors import Refusal
from app.noting import Line, compared, noted
from app.outbox import CARRIERS, Carrier, Undelivered, Way

pages = Blueprint("outlets", __name__, url_prefix="/outlets")


class OutletForm(DetailForm):
    """What every outlet has, and behind it what its carrier asks for."""

    carrier: Carrier
    enabled = BooleanField(lazy_gettext("Letters go out here"), default=True)

    @property
    def place(self) -> dict[str, Any]:
        return {"name": self.name.data, "enabled": self.enabled.data, "settings": self.account}


def _form_of(carrier: Carrier, *, is_new: bool = False) -> type[OutletForm]:
    made = {"carrier": carrier, "details": carrier.fields, **inputs_of(carrier.fields, is_new=is_new)}
    return type(f"{carrier.name.title()}Form", (OutletForm,), made)


def _carrier_or_404(name: str | None) -> Carrier:
    return CARRIERS.get(name or "") or abort(404)


def _outlet_or_404(slug: str) -> Way:
    return outbox.find_outlet(db.session, slug) or abort(404)


@pages.get("", endpoint="index")
def index() -> str:
    ways = outbox.list_outlets(db.session)
    return render_template("admin/outlets/index.html", outlets=ways, has_dead=outbox.has_dead_letters(db.session))


@pages.get("/new", endpoint="new")
def new() -> Response:
    """By which carrier, and then its form."""
    if "carrier" not in request.args:
        has_mail = any(way.carrier.name == "mail" for way in outbox.list_outlets(db.session))
        choosable = [one for one in CARRIERS.values() if not (has_mail and one.name == "mail")]
        return make_response(render_template("admin/outlets/choose.html", carriers=choosable))
    carrier = _carrier_or_404(request.args["carrier"])
    drawn = {one.name: outbox.draw_secret(vault.random_bytes(32)) for one in carrier.fields if one.is_drawn}
    return _new_page(_form_of(carrier, is_new=True)(formdata=None, data={"name": _(carrier.title), **drawn}))


@pages.post("", endpoint="create")
def create() -> Response:
    form = _form_of(_carrier_or_404(request.form.get("carrier")), is_new=True)()
    if form.validate_on_submit() and form.knows_password():
        try:
            said = Line(
                "outlet.create", lambda slug: f"outlet:{slug}", now={"carrier": form.carrier.name, "keys": "changed"}
            )
            slug = transaction(
                noted(said, outbox.create_outlet), carrier=form.carrier.name, **form.place, now=clock.now()
            )
            return web.go(url_for("admin.outlets.edit", slug=slug, saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _new_page(form, 422)


@pages.get("/<slug>/edit", endpoint="edit")
def edit(slug: str) -> Response:
    outlet = _outlet_or_404(slug)
    return _page(outlet, _filled(outlet))


@pages.post("/<slug>", endpoint="update")
def update(slug: str) -> Response:
    outlet = _outlet_or_404(slug)
    form = _form_of(outlet.carrier)()
    if form.validate_on_submit() and (not form.differs(form.account, outlet.settings) or form.knows_password()):
        try:
            around = compared(Line("outlet.update", f"outlet:{slug}"), lambda tx: looking.outlet(tx, slug))
            transaction(around(outbox.change_outlet), slug, **form.place)
            return web.go(url_for("admin.outlets.edit", slug=slug, saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(outlet, form, 422)


@pages.post("/<slug>/trials", endpoint="trial")
def trial(slug: str) -> Response:
    """Send a letter that says nothing but that letters arrive, with the settings that are kept."""
    outlet = _outlet_or_404(slug)
    dispatch = wording.trial(outlet, vault.code(20), clock.now())
    if outlet.carrier.name == "mail" and not dispatch.to:
        return _page(
            outlet, _filled(outlet), tried=_("there is nobody to send it to: enter an address of your own below")
        )
    try:
        outlet.carrier.send(outlet.settings, dispatch)
    except Undelivered as error:
        return _page(outlet, _filled(outlet), tried=str(error))
    transaction(noted(Line("outlet.test", f"outlet:{slug}"), outbox.note_outlet_tested), slug, clock.now())
    return _page(outlet, _filled(outlet), tried="")


def _filled(outlet: Way) -> OutletForm:
    secrets = {one.name for one in outlet.carrier.fields if one.is_secret}
    known = {key: value for key, value in outlet.settings.items() if key not in secrets}
    data = {"name": outlet.name, "enabled": outlet.enabled, **known}
    return _form_of(outlet.carrier)(formdata=None, data=data)


def _new_page(form: OutletForm, status: int = 200) -> Response:
    return make_response(render_template("admin/outlets/new.html", form=form, carrier=form.carrier), status)


def _page(outlet: Way, form: OutletForm, status: int = 200, *, tried: str | None = None) -> Response:
    shown = {"outlet": outlet, "form": form, "saved": "saved" in request.args, "tried": tried}
    return make_response(render_template("admin/outlets/edit.html", **shown), status)
