"""The sign of a shop without a logo, in its accent."""

from flask import Blueprint, Response, make_response, request

from app import colour, shop
from app.display import settings
from app.guard import FOREVER

pages = Blueprint("marks", __name__)


@pages.get("/mark.svg", endpoint="show")
def show() -> Response:
    accent = colour.parse(f"#{request.args.get('v', '')}")
    response = make_response(shop.draw_mark(accent or settings().accent))
    response.content_type = "image/svg+xml"
    response.headers["Cache-Control"] = FOREVER if accent else "public, no-cache"
    return response
