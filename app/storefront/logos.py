"""The shop's logo, under an address that changes with it."""

from flask import Blueprint, Response, abort, make_response

from app import shop
from app.db import db
from app.guard import FOREVER

pages = Blueprint("logos", __name__)


@pages.get("/logo/<digest>.png", endpoint="show")
def show(digest: str) -> Response:
    picture = shop.read_logo(db.session, digest)
    if picture is None:
        abort(404)
    response = make_response(picture)
    response.content_type = "image/png"
    response.headers["Cache-Control"] = FOREVER
    return response
