"""How a "no" and a mishap become a page: what happened, is my money safe, what to do, and the request's id."""

import math
import sqlite3
from contextlib import suppress

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from limits.errors import StorageError
from markupsafe import Markup
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException

from app import clock
from app.db import db
from app.errors import N_, Refusal
from app.extensions import limiter
from app.keyfiles import VaultError
from app.resealing import KeysDoNotFit
from app.throttle import wait_in_words

RETRY_SECONDS = 5
# What SQLite says when the same statement may succeed later; all else is a mistake of ours.
PASSING = ("locked", "busy", "full", "readonly", "unable to open", "disk I/O")
RELOAD = N_("Go back, reload the page and try again.")
AGAIN = N_("Wait %(wait)s and try again.")
EXPIRED = (
    N_("This page has expired"),
    N_("The form was open for too long, or it was not sent from this shop. Nothing was changed."),
    RELOAD,
)
WORDS = {
    400: (N_("This request cannot be used"), N_("The shop could not read it. Nothing was changed."), RELOAD),
    403: (
        N_("This is not open to you"),
        N_("You need other rights to do this. Nothing was changed."),
        N_("Log in with another account, or go back to the shop."),
    ),
    404: (
        N_("Nothing is here"),
        N_("The address is mistyped, out of date, or not meant for you."),
        N_("Check the address, or go to the shop's first page."),
    ),
    405: (
        N_("That cannot be done here"),
        N_("This address does not take that kind of request. Nothing was changed."),
        RELOAD,
    ),
    409: (N_("This changed in the meantime"), N_("What you saw is out of date. Nothing was changed."), RELOAD),
    413: (
        N_("That is too much at once"),
        N_("What you sent is larger than the shop accepts. Nothing was changed."),
        N_("Send less, or send it in parts."),
    ),
    422: (
        N_("That did not work"),
        N_("Something in the form is not right."),
        N_("Go back, correct it and send it again."),
    ),
    429: (N_("Too many attempts"), N_("This was tried more often than the shop allows."), AGAIN),
    500: (
        N_("Something broke on our side"),
        N_("If you have already paid, the payment is not lost: it is kept with your order."),
        N_("Try again in a few minutes. If it happens again, tell the shop the number below."),
    ),
    503: (
        N_("The shop is busy at this moment"),
        N_("This attempt changed nothing. If you have already paid, the payment is not lost."),
        AGAIN,
    ),
}


def register(app: Flask) -> None:
    """Give `app` its error pages. An exception that nobody expected reaches `_http` as 500, after Flask has logged it."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StorageError, _busy)
    app.register_error_handler(VaultError, _keyless)
    app.register_error_handler(NoConnection, _busy)
    app.register_error_handler(OperationalError, _operational)
    app.register_error_handler(DataError, _unreadable)


def page(status: int, words: tuple[str, str, str], wait: int | None = None) -> Response:
    """An error page of (title, sentence, what to do), in plain text for gateways, in JSON for programs."""
    g.retry_after_seconds = wait
    if request.path.startswith("/hooks/"):
        return Response(f"fail {status} {_request_id()}\n", status, content_type="text/plain; charset=utf-8")
    title, sentence, todo = words
    if request.path.startswith("/api/"):
        said = {"title": title, "sentence": sentence, "todo": todo, "request_id": _request_id()}
        return make_response(jsonify(error=said), status)
    context = {
        "title": title,
        "sentence": sentence,
        "todo": todo,
        "request_id": _request_id(),
        "status": status,
        "order_number": (request.view_args or {}).get("number"),
    }
    return make_response(_render(context), status)


def _render(context: dict[str, object]) -> str:
    try:
        return render_template("errors/show.html", **context)
    except Exception:
        # The layout reads the database, which may be what broke; the visitor still gets the words.
        current_app.logger.exception("the error page itself failed")
        return _bare(context)


def _bare(context: dict[str, object]) -> str:
    return Markup(
        '<!doctype html><html lang="{locale}"><head><meta charset="utf-8"><title>{title}</title></head><body><main>'
        '<h1>{title}</h1><p>{sentence}</p><p>{todo}</p><p><code>{request_id}</code></p><p><a href="/">↩</a></p></main></body>'
        "</html>"
    ).format(locale=str(get_locale()).replace("_", "-"), **context)


def _request_id() -> str:
    return str(g.get("request_id", "-"))


def _words(status: int, wait: int | None = None, sentence: str | None = None) -> tuple[str, str, str]:
    title, usual, todo = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    told = _(todo, wait=wait_in_words(wait or RETRY_SECONDS)) if todo == AGAIN else _(todo)
    return _(title), sentence or _(usual), told


def _refusal(error: Refusal) -> Response:
    wait = error.retry_after_seconds
    if error.status >= 500:
        current_app.logger.warning("refused %s %s: %s", request.method, request.path, error)
    return page(error.status, _words(error.status, wait, error.text()), wait)


def _keyless(error: VaultError) -> Response:
    # The sentence names a table and a row, never what stands there.
    current_app.logger.error("a key is missing at %s %s: %s", request.method, request.path, error)
    return _refusal(KeysDoNotFit())


def _expired(_error: CSRFError) -> Response:
    title, sentence, todo = EXPIRED
    return page(400, (_(title), _(sentence), _(todo)))


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    wait = _limit_wait() if isinstance(error, RateLimitExceeded) else RETRY_SECONDS if status in (429, 503) else None
    response = page(status, _words(status, wait), wait)
    # 405 says which methods are allowed.
    response.headers.extend([header for header in error.get_headers() if header[0] != "Content-Type"])
    return response


def _limit_wait() -> int:
    spent = limiter.current_limit
    return max(1, math.ceil(spent.window[0] - clock.now())) if spent else RETRY_SECONDS


def _busy(error: Exception) -> Response:
    current_app.logger.warning("busy at %s %s: %s %s", request.method, request.path, type(error).__name__, error)
    with suppress(SQLAlchemyError, RuntimeError):
        db.session.rollback()
    return page(503, _words(503, RETRY_SECONDS), RETRY_SECONDS)


def _operational(error: OperationalError) -> Response:
    if isinstance(error.orig, sqlite3.Error) and not any(word in str(error.orig) for word in PASSING):
        raise error
    return _busy(error)


def _unreadable(error: DataError) -> Response:
    # PostgreSQL keeps no NUL in a text, and a visitor may send one in any address or field; all else is a mistake of ours.
    if "NUL" not in str(error.orig):
        raise error
    with suppress(SQLAlchemyError, RuntimeError):
        db.session.rollback()
    return page(400, _words(400))
