"""Photographs of products, each under an address that changes with what is to be seen."""

from flask import Blueprint, Response, abort, make_response

from app import catalog
from app.db import db
from app.guard import FOREVER

pages = Blueprint("photos", __name__)


@pages.get("/photo/<digest>-<int(max=9999):width>.webp", endpoint="show")
def show(digest: str, width: int) -> Response:
    picture = catalog.read_photo(db.session, digest, width)
    if picture is None:
        abort(404)
    response = make_response(picture)
    response.content_type = "image/webp"
    response.headers["Cache-Control"] = FOREVER
    return response
