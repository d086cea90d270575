"""Limits: how long an order waits, how many of them, and how often somebody may try."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice

from app import web
from app.admin.actors import who
from app.admin.setting_form import SettingForm, keep
from app.db import transaction
from app.display import settings
from app.fields import WholeNumber

pages = Blueprint("limits", __name__, url_prefix="/limits")


class LimitsForm(SettingForm):
    order_minutes = WholeNumber(lazy_gettext("Minutes that an unpaid order keeps its goods"), least=5, most=120)
    most_per_order = WholeNumber(lazy_gettext("Most pieces in one order"), least=1, most=9999)
    unpaid_per_contact = WholeNumber(lazy_gettext("Unpaid orders of one contact"), least=1, most=20)
    unpaid_per_address = WholeNumber(lazy_gettext("Unpaid orders from one network address"), least=1, most=50)
    order_tries = WholeNumber(lazy_gettext("Orders from one address in 10 minutes"), least=3, most=100)
    lookup_tries = WholeNumber(lazy_gettext("Look-ups from one address in 10 minutes"), least=3, most=30)
    late_money = RadioField(
        lazy_gettext("Money that comes too late or twice"),
        choices=[
            SelectChoice("queue", lazy_gettext("Waits for me in the payment inbox")),
            SelectChoice("refund", lazy_gettext("Goes back to the buyer by itself, where the channel can")),
        ],
    )


@pages.get("", endpoint="edit")
def edit() -> Response:
    return _page(LimitsForm.of(settings()))


@pages.post("", endpoint="update")
def update() -> Response:
    form = LimitsForm()
    if form.validate_on_submit():
        transaction(keep, "limits", form.changes, who())
        return web.go(url_for("admin.limits.edit", saved=1))
    return _page(form, 422)


def _page(form: LimitsForm, status: int = 200) -> Response:
    page = render_template("admin/limits/edit.html", form=form, present=settings(), saved="saved" in request.args)
    return make_response(page, status)
