"""What the shop is called, how buyers reach it, and what it has to say to all of them."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext

from app import web
from app.admin.actors import who
from app.admin.forms import line
from app.admin.setting_form import SettingForm, keep
from app.db import transaction
from app.display import settings

pages = Blueprint("profiles", __name__, url_prefix="/profile")


class ProfileForm(SettingForm):
    name = line(lazy_gettext("Name of the shop"), 40, needed=True)
    support_contact = line(lazy_gettext("How buyers reach you"), 120)
    announcement_zh = line(lazy_gettext("Announcement, in Chinese"), 200)
    announcement_en = line(lazy_gettext("Announcement, in English"), 300)


@pages.get("", endpoint="edit")
def edit() -> Response:
    return _page(ProfileForm.of(settings()))


@pages.post("", endpoint="update")
def update() -> Response:
    form = ProfileForm()
    if form.validate_on_submit():
        transaction(keep, "profile", form.changes, who())
        return web.go(url_for("admin.profiles.edit", saved=1))
    return _page(form, 422)


def _page(form: ProfileForm, status: int = 200) -> Response:
    return make_response(render_template("admin/profiles/edit.html", form=form, saved="saved" in request.args), status)
