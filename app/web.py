"""The only file that knows the HX- headers of htmx: partial or page, and where to go next."""

import re
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request

# Controls, spaces and backslashes are what browsers drop or turn into slashes while they read an address.
_PLAIN_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f-\x9f]*")
LONGEST_TARGET = 2000
# Answers differ by it, so every cache has to know it.
REQUEST_TYPE = "HX-Request-Type"


def wants_partial() -> bool:
    """Whether htmx will swap the answer into a part of the page; a history restore asks for the whole page."""
    return request.headers.get(REQUEST_TYPE) == "partial"


def page_or_partial(page: str, partial: str, **context: object) -> Response:
    """Render the template `partial` for htmx and `page` for everybody else."""
    response = make_response(render_template(partial if wants_partial() else page, **context))
    response.vary.add(REQUEST_TYPE)
    return response


def sent_by_htmx() -> bool:
    """Whether htmx sent the request, and not the browser by itself."""
    return request.headers.get("HX-Request") == "true"


def present_page() -> str:
    """The path of the page that the browser shows while it sends this request, as htmx or the browser says; "" if neither does."""
    parts = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if parts.netloc != request.host:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def go(url: str) -> Response:
    """Send the browser to `url` after a write: 303, or the header by which htmx goes there."""
    if sent_by_htmx():
        return Response(status=204, headers={"HX-Redirect": url})
    return make_response(redirect(url, code=303))


def safe_next(target: str | None, otherwise: str = "/") -> str:
    """`target` if it is a path of this site, else `otherwise`: an address handed to somebody leads nowhere else."""
    if target and len(target) <= LONGEST_TARGET and _PLAIN_PATH.fullmatch(target):
        return target
    return otherwise
