"""Test or live: whether real money is taken."""

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from wtforms import RadioField, SelectChoice

from app import catalog, payments, shop, web
from app.admin.actors import who
from app.admin.forms import put_beside
from app.admin.setting_form import SettingForm, keep
from app.audit import Who
from app.db import db, transaction
from app.display import settings
from app.errors import N_, Refusal

pages = Blueprint("modes", __name__, url_prefix="/mode")


class ModeForm(SettingForm):
    mode = RadioField(
        lazy_gettext("Mode"),
        choices=[SelectChoice("test", lazy_gettext("Test")), SelectChoice("live", lazy_gettext("Live"))],
    )


@pages.get("", endpoint="edit")
def edit() -> Response:
    return _page(ModeForm.of(settings()))


@pages.post("", endpoint="update")
def update() -> Response:
    form = ModeForm()
    if form.validate_on_submit():
        try:
            transaction(_write, form.mode.data, is_reachable(), who())
            return web.go(url_for("admin.modes.edit", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(form, 422)


def is_reachable() -> bool:
    """Whether the operator named the address that buyers and providers reach."""
    return bool(current_app.config["SHOP"].public_url_is_set)


def _write(tx: Connection, mode: str, is_reachable: bool, who: Who) -> None:
    # Providers call back, and buyers keep links, by this address: a guess would lose real payments.
    if mode == "live" and not is_reachable:
        raise Refusal(
            N_("A live shop needs its public address: please start it with PUBLIC_URL=https://… first."), field="mode"
        )
    if mode == "live" and not payments.list_offered(tx, live=True):
        raise Refusal(
            N_("A live shop needs a way to pay: please set up a channel that is not a test gateway first."),
            field="mode",
        )
    before = keep(tx, "mode", {"mode": mode}, who)
    if mode == "live":
        # Nobody shall pay real money for the invented codes of the sample.
        for product_id in before.sample_products:
            catalog.unpublish(tx, product_id)
        shop.change_settings(tx, sample_products=[])


def _page(form: ModeForm, status: int = 200) -> Response:
    page = render_template(
        "admin/modes/edit.html",
        form=form,
        present=settings(),
        is_reachable=is_reachable(),
        has_channel=bool(payments.list_offered(db.session, live=True)),
        saved="saved" in request.args,
    )
    return make_response(page, status)
