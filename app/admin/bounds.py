"""Terms of commission and of payouts that hold for the whole shop; the rates themselves are in rates.py."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from wtforms import BooleanField, RadioField, SelectChoice

from app import catalog, web
from app.admin.actors import who
from app.admin.forms import put_beside
from app.admin.setting_form import SettingForm, keep
from app.audit import Who
from app.db import transaction
from app.display import settings
from app.errors import Refusal
from app.fields import WholeNumber, Yuan

pages = Blueprint("bounds", __name__, url_prefix="/bounds")


class BoundsForm(SettingForm):
    hold_days = WholeNumber(lazy_gettext("Days that commission is held"), most=90)
    cookie_days = WholeNumber(lazy_gettext("Days that an invitation counts"), least=1, most=90)
    rebind_cooldown_days = WholeNumber(
        lazy_gettext("Days before somebody who left an inviter may come under another"), least=30, most=3650
    )
    hold_align = RadioField(
        lazy_gettext("When the hold ends"),
        choices=[
            SelectChoice("exact", lazy_gettext("To the second")),
            SelectChoice("midnight", lazy_gettext("At the next midnight in Shanghai")),
        ],
    )
    commission_base = RadioField(
        lazy_gettext("Commission is computed on"),
        choices=[
            SelectChoice("paid", lazy_gettext("What was paid")),
            SelectChoice("net_of_fee", lazy_gettext("What was paid, less the provider’s fee")),
        ],
    )
    free_join = BooleanField(lazy_gettext("Everybody may join for free, without buying first"))
    min_payout_fen = Yuan(lazy_gettext("Least that is paid out, yuan"), least_fen=1)
    payout_fee_fen = Yuan(lazy_gettext("Fee of a payout, yuan"), most_fen=10_000)
    payout_second_admin_fen = Yuan(lazy_gettext("From more than this on, a payout wants two people, yuan"))
    payout_cooldown_hours = WholeNumber(lazy_gettext("Hours that a new or changed payee waits"), least=24, most=720)


@pages.get("", endpoint="edit")
def edit() -> Response:
    return _page(BoundsForm.of(settings()))


@pages.post("", endpoint="update")
def update() -> Response:
    form = BoundsForm()
    if form.validate_on_submit():
        try:
            transaction(_write, form.changes, who())
            return web.go(url_for("admin.bounds.edit", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(form, 422)


def _write(tx: Connection, changes: dict[str, object], who: Who) -> None:
    catalog.refuse_short_hold(tx, int(str(changes["hold_days"])))
    keep(tx, "bounds", changes, who)


def _page(form: BoundsForm, status: int = 200) -> Response:
    page = render_template("admin/bounds/edit.html", form=form, present=settings(), saved="saved" in request.args)
    return make_response(page, status)
