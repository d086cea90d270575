"""Strict mode: one level only and no incentive pool. What it changes is said in the figures of the last report before it is switched."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from wtforms import BooleanField

from app import referral, web
from app.admin.actors import who
from app.admin.setting_form import SettingForm, keep
from app.audit import Who
from app.db import db, transaction
from app.display import settings
from app.money import share

pages = Blueprint("strictness", __name__, url_prefix="/strictness")


class StrictForm(SettingForm):
    strict_mode = BooleanField(lazy_gettext("Strict: one level only, and no incentive pool"))


@pages.get("", endpoint="edit")
def edit() -> Response:
    return _page(StrictForm.of(settings()))


@pages.post("", endpoint="update")
def update() -> Response:
    form = StrictForm()
    if form.validate_on_submit():
        transaction(_write, bool(form.strict_mode.data), who())
        return web.go(url_for("admin.strictness.edit", saved=1))
    return _page(form, 422)


def _write(tx: Connection, strict_mode: bool, by: Who) -> None:
    keep(tx, "strictness", {"strict_mode": strict_mode}, by)


def _page(form: StrictForm, status: int = 200) -> Response:
    report, present = referral.newest_report(db.session), settings()
    page = render_template(
        "admin/strictness/edit.html",
        form=form,
        present=present,
        report=report,
        pool_fen=share(report.gmv_fen, present.pool_bps) if report and report.gmv_fen > 0 else 0,
        saved="saved" in request.args,
    )
    return make_response(page, status)
