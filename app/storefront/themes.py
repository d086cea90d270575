"""The style sheet that the merchant's accent makes of tokens.css; its address changes with it, so it may be kept for ever."""

from flask import Blueprint, Response, make_response, request

from app import shop
from app.display import settings, theme_url
from app.guard import FOREVER

pages = Blueprint("themes", __name__)


@pages.get("/theme.css", endpoint="show")
def show() -> Response:
    response = make_response(shop.style_sheet(settings().accent))
    response.content_type = "text/css; charset=utf-8"
    asked = f"{request.path}?{request.query_string.decode('ascii', 'replace')}"
    # An address of another accent, in a page that was kept, gets the present one and keeps nothing.
    response.headers["Cache-Control"] = FOREVER if asked == theme_url() else "public, no-cache"
    return response
