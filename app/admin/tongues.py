"""Languages: which of them buyers are offered, and which is first."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice

from app import web
from app.admin.actors import who
from app.admin.setting_form import keep
from app.db import transaction
from app.display import settings
from app.fields import Form

pages = Blueprint("tongues", __name__, url_prefix="/languages")
OFFERS = {
    "zh_CN,en": lazy_gettext("Chinese first, and English"),
    "en,zh_CN": lazy_gettext("English first, and Chinese"),
    "zh_CN": lazy_gettext("Chinese only"),
    "en": lazy_gettext("English only"),
}


def languages_field() -> RadioField:
    return RadioField(
        lazy_gettext("Languages of the shop"),
        choices=[SelectChoice(value, label) for value, label in OFFERS.items()],
    )


class LanguagesForm(Form):
    languages = languages_field()


@pages.get("", endpoint="edit")
def edit() -> Response:
    return _page(LanguagesForm(formdata=None, languages=",".join(settings().languages)))


@pages.post("", endpoint="update")
def update() -> Response:
    form = LanguagesForm()
    if form.validate_on_submit():
        transaction(keep, "languages", {"languages": form.languages.data.split(",")}, who())
        return web.go(url_for("admin.tongues.edit", saved=1))
    return _page(form, 422)


def _page(form: LanguagesForm, status: int = 200) -> Response:
    return make_response(render_template("admin/tongues/edit.html", form=form, saved="saved" in request.args), status)
