"""The shop's logo: put up, or taken down."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from wtforms import FileField

from app import audit, hearing, shop, web
from app.admin.actors import who
from app.admin.forms import put_beside
from app.audit import Who
from app.db import transaction
from app.errors import N_, Refusal
from app.fields import Form
from app.picture import MOST_BYTES, clean_logo

pages = Blueprint("logos", __name__, url_prefix="/logo")
pages.url_value_preprocessor(hearing.make_room)


def logo_field() -> FileField:
    return FileField(lazy_gettext("Logo"), render_kw={"accept": "image/png,image/jpeg,image/webp"})


class LogoForm(Form):
    picture = logo_field()


def read_logo(field: str = "picture") -> bytes | None:
    """The logo that was sent along, written anew; None when none was chosen. Raises Refusal beside `picture`."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        return None
    return clean_logo(sent.stream.read(MOST_BYTES + 1)).data


@pages.get("", endpoint="edit")
def edit() -> Response:
    return _page(LogoForm(formdata=None))


@pages.post("", endpoint="update")
def update() -> Response:
    form = LogoForm()
    if form.validate_on_submit():
        try:
            picture = read_logo()
            if picture is None:
                raise Refusal(N_("Please choose a picture."), field="picture")
            transaction(put_up, picture, who())
            return web.go(url_for("admin.logos.edit", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(form, 422)


@pages.post("/removal", endpoint="destroy")
def destroy() -> Response:
    transaction(_take_down, who())
    return web.go(url_for("admin.logos.edit", saved=1))


def put_up(tx: Connection, picture: bytes, who: Who) -> None:
    """Put a logo up and write into the log that it changed."""
    was = shop.read_settings(tx).logo
    digest = shop.put_up_logo(tx, picture, who.at)
    audit.record(tx, who, "setting.update", "setting:look", was={"logo": was}, now={"logo": digest})


def _take_down(tx: Connection, who: Who) -> None:
    was = shop.read_settings(tx).logo
    if was:
        shop.take_logo_down(tx)
        audit.record(tx, who, "setting.update", "setting:look", was={"logo": was}, now={"logo": ""})


def _page(form: LogoForm, status: int = 200) -> Response:
    return make_response(render_template("admin/logos/edit.html", form=form, saved="saved" in request.args), status)
