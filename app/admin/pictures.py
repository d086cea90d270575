"""The pictures of a product: put up, described, put in order, and taken down."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from werkzeug.datastructures import FileStorage
from wtforms import FileField

from app import catalog, clock, picture, web
from app.admin.forms import line, put_beside
from app.admin.products import ONE, product_or_404
from app.db import db, transaction
from app.errors import N_, Refusal
from app.fields import Form, WholeNumber
from app.hearing import AROUND_BYTES
from app.noting import Line, compared
from app.picture import Picture

pages = Blueprint("pictures", __name__, url_prefix=f"/products{ONE}/pictures")
PICTURE = "/<int(max=2147483647):picture_id>"


@pages.url_value_preprocessor
def make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let as many pictures in as a product may have."""
    request.max_content_length = catalog.MOST_PHOTOS * picture.MOST_BYTES + AROUND_BYTES


class PictureForm(Form):
    picture = FileField(
        lazy_gettext("Add pictures"), render_kw={"accept": "image/jpeg,image/png,image/webp", "multiple": True}
    )


class DescriptionForm(Form):
    alt = line(lazy_gettext("What is to be seen"), 160)


class PlaceForm(Form):
    place = WholeNumber(lazy_gettext("Place"), most=99)


@pages.get("", endpoint="index")
def index(product_id: int) -> Response:
    return _page(product_id, PictureForm(formdata=None))


@pages.post("", endpoint="create")
def create(product_id: int) -> Response:
    product_or_404(product_id)
    form = PictureForm()
    if form.validate_on_submit():
        try:
            sent = [_sizes(number, file) for number, file in enumerate(_files(), 1)]
            transaction(_logged(product_id, "create")(_add), product_id, sent, clock.now())
            return _back(product_id)
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(product_id, form, 422)


def _files() -> list[FileStorage]:
    files = [file for file in request.files.getlist("picture") if file.filename]
    if not files:
        raise Refusal(N_("Please choose a picture."), field="picture")
    if len(files) > catalog.MOST_PHOTOS:
        raise Refusal(N_("%(most)s pictures at a time at most."), field="picture", most=catalog.MOST_PHOTOS)
    return files


def _sizes(number: int, file: FileStorage) -> list[Picture]:
    try:
        with file.stream as stream:
            return picture.clean_sizes(stream.read(picture.MOST_BYTES + 1))
    except Refusal as refusal:
        # Its name is a stranger's text; its place among those that were chosen tells as well which one it is.
        raise Refusal(
            N_("Picture %(number)s: %(reason)s"), field="picture", number=number, reason=refusal.text()
        ) from refusal


def _add(tx: Connection, product_id: int, sent: list[list[Picture]], now: int) -> None:
    for sizes in sent:
        catalog.add_photo(tx, product_id, sizes, now)


@pages.post(PICTURE, endpoint="update")
def update(product_id: int, picture_id: int) -> Response:
    form = DescriptionForm()
    if not form.validate_on_submit():
        return _page(product_id, PictureForm(formdata=None), 422, described={picture_id: form})
    act = _logged(product_id, "update")(catalog.describe_photo)
    transaction(act, product_id, picture_id, form.alt.data)
    return _back(product_id)


@pages.post(f"{PICTURE}/place", endpoint="place")
def place(product_id: int, picture_id: int) -> Response:
    """Where the picture shall stand, not how far it shall go: sent twice, it moves once."""
    form = PlaceForm()
    if form.validate_on_submit():
        act = _logged(product_id, "update")(catalog.place_photo)
        transaction(act, product_id, picture_id, form.place.number)
    return _back(product_id)


@pages.post(f"{PICTURE}/removal", endpoint="destroy")
def destroy(product_id: int, picture_id: int) -> Response:
    transaction(_logged(product_id, "destroy")(catalog.remove_photo), product_id, picture_id)
    return _back(product_id)


def _logged(product_id: int, verb: str) -> Any:
    return compared(Line(f"picture.{verb}", f"product:{product_id}"), lambda tx: _told(tx, product_id))


def _told(tx: Connection, product_id: int) -> dict[str, Any]:
    return {"pictures": [f"{shot.digest[:12]} {shot.alt}".strip() for shot in catalog.photos_of(tx, product_id)]}


def _back(product_id: int) -> Response:
    return web.go(url_for("admin.pictures.index", product_id=product_id, saved=1))


def _page(
    product_id: int, form: PictureForm, status: int = 200, *, described: dict[int, DescriptionForm] | None = None
) -> Response:
    product = product_or_404(product_id).Product
    page = render_template(
        "admin/pictures/index.html",
        product=product,
        shots=catalog.photos_of(db.session, product_id),
        most=catalog.MOST_PHOTOS,
        form=form,
        described=described or {},
        saved="saved" in request.args,
    )
    return make_response(page, status)
