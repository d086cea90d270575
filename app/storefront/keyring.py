"""The secrets of a browser's own orders, kept in one HttpOnly cookie, newest first."""

import re

from flask import Response

from app.cookies import read_cookie, set_cookie

COOKIE = "orders"
MOST_ORDERS = 20
LIFE_SECONDS = 180 * 86400
_ENTRY = re.compile(r"([0-9A-HJKMNP-TV-Z]{16})\.([A-Za-z0-9_-]{32})", re.ASCII)


def secrets() -> dict[str, str]:
    """order number -> secret, for every order that this browser may open."""
    entries = (read_cookie(COOKIE) or "").split("~")
    return dict(match.groups() for match in map(_ENTRY.fullmatch, entries[:MOST_ORDERS]) if match)  # type: ignore[misc]


def secret_of(number: str) -> str | None:
    return secrets().get(number)


def keep(response: Response, number: str, secret: str) -> Response:
    """Let this browser open the order from now on."""
    known = {number: secret} | {other: value for other, value in secrets().items() if other != number}
    entries = [f"{number}.{value}" for number, value in known.items()]
    set_cookie(response, COOKIE, "~".join(entries[:MOST_ORDERS]), LIFE_SECONDS)
    return response
