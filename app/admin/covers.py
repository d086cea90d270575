"""Pictures that are drawn while the merchant still chooses."""

import re

from flask import Blueprint, Response, make_response, render_template, request

from app import catalog

pages = Blueprint("covers", __name__, url_prefix="/covers")
LONGEST_TITLE = 80


def _wish() -> tuple[str, int, str]:
    """Title, colour and pattern as the address tells them, each made harmless."""
    title = "".join(filter(str.isprintable, request.args.get("title", "")))[:LONGEST_TITLE]
    hue = request.args.get("hue", "")
    degrees = int(hue) if re.fullmatch(r"[0-9]{1,3}", hue, re.ASCII) else 210
    return title, degrees, request.args.get("motif", "")


@pages.get("/new", endpoint="new")
def new() -> str:
    """The part of the product's form that holds the picture, drawn anew after a choice."""
    title, hue, motif = _wish()
    return render_template("admin/covers/_picture.html", title=title, hue=hue, motif=motif)


@pages.get("/show.svg", endpoint="show")
def show() -> Response:
    """The cover itself, as the shelf would show it."""
    response = make_response(catalog.draw_cover(*_wish()))
    response.content_type = "image/svg+xml"
    return response
