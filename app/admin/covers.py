"""Pictures that are drawn while the merchant still chooses."""

import re

from flask import Blueprint, Response, make_response, request

from app import catalog

pages = Blueprint("covers", __name__, url_prefix="/covers")
LONGEST_TITLE = 80


@pages.get("/show.svg", endpoint="show")
def show() -> Response:
    """The cover of a title, a colour and a pattern, as the shelf would show it."""
    hue = request.args.get("hue", "")
    title = "".join(filter(str.isprintable, request.args.get("title", "")))[:LONGEST_TITLE]
    degrees = int(hue) if re.fullmatch(r"[0-9]{1,3}", hue, re.ASCII) else 210
    response = make_response(catalog.draw_cover(title, degrees, request.args.get("motif", "")))
    response.content_type = "image/svg+xml"
    return response
