"""Security: how long somebody stays logged in, and what it takes to get in."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from wtforms import BooleanField

from app import web
from app.admin.actors import who
from app.admin.setting_form import SettingForm, keep
from app.db import transaction
from app.display import settings
from app.fields import WholeNumber

pages = Blueprint("security", __name__, url_prefix="/security")


class SecurityForm(SettingForm):
    staff_idle_minutes = WholeNumber(
        lazy_gettext("Minutes without a click, for whoever runs the shop"), least=5, most=120
    )
    staff_hours = WholeNumber(lazy_gettext("Hours at most, for whoever runs the shop"), least=1, most=24)
    buyer_idle_days = WholeNumber(lazy_gettext("Days without a visit, for buyers"), least=1, most=30)
    buyer_days = WholeNumber(lazy_gettext("Days at most, for buyers"), least=1, most=90)
    login_tries = WholeNumber(lazy_gettext("Wrong passwords for one account in 15 minutes"), least=3, most=10)
    staff_factor = BooleanField(lazy_gettext("Whoever runs the shop needs a second factor"))


@pages.get("", endpoint="edit")
def edit() -> Response:
    return _page(SecurityForm.of(settings()))


@pages.post("", endpoint="update")
def update() -> Response:
    form = SecurityForm()
    if form.validate_on_submit():
        if not form.staff_factor.data or current_user.login.is_guarded:
            transaction(keep, "security", form.changes, who())
            return web.go(url_for("admin.security.edit", saved=1))
        # Or the one who asks it of everybody would be the first to stand outside.
        form.staff_factor.errors = [_("Please set up a second factor of your own first.")]
    return _page(form, 422)


def _page(form: SecurityForm, status: int = 200) -> Response:
    page = render_template("admin/security/edit.html", form=form, present=settings(), saved="saved" in request.args)
    return make_response(page, status)
