"""Names and flags of every cookie: `__Host-` and Secure on https, always HttpOnly and Lax, for the whole site, no domain."""

import re

from flask import Response, current_app, g, request

from app import vault

DEVICE = "device"
DEVICE_SECONDS = 400 * 86400
_DEVICE_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


def cookie_name(name: str) -> str:
    """`name` as the browser stores it: with `__Host-` on https, so that no neighbouring subdomain can plant it."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def read_cookie(name: str) -> str | None:
    """The value of our cookie `name`, as the browser sent it."""
    return request.cookies.get(cookie_name(name))


def set_cookie(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Set our cookie `name` for `max_age` seconds, or until the browser is closed."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(
        cookie_name(name), value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="Lax"
    )


def drop_cookie(response: Response, name: str) -> None:
    """Make the browser forget our cookie `name`."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(cookie_name(name), path="/", secure=secure, httponly=True, samesite="Lax")


def device_hash() -> bytes:
    """The fingerprint of the random id that this browser carries; one is made for a browser that has none."""
    sent = read_cookie(DEVICE) or ""
    if not _DEVICE_SHAPE.fullmatch(sent):
        sent = g.new_device = g.get("new_device") or vault.token(16)
    return vault.blind("device", sent)


def remember_device(response: Response) -> Response:
    """Give the browser the id that `device_hash` made in this request, if it made one."""
    if "new_device" in g:
        set_cookie(response, DEVICE, g.new_device, DEVICE_SECONDS)
    return response
