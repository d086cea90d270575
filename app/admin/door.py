"""The guard of the desk: who comes in, to what, and what a page may offer them."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import visit, web
from app.admin import permissions, proofs

# What is open to somebody who has no second factor yet, where everybody here needs one.
UNGUARDED = frozenset({"starts", "proofs"})


def may(noun: str, right: permissions.Right = "read") -> bool:
    """For templates: whether whoever is logged in may read or write what the desk's `noun` is about."""
    return current_user.is_authenticated and permissions.allows(current_user.role, noun, right)


def let_staff_in() -> ResponseReturnValue | None:
    """For `before_request`: None for whoever may, else where they go or that they may not."""
    if current_user.is_authenticated and current_user.is_staff:
        noun = (request.blueprint or "").removeprefix("admin.")
        if not permissions.allows(current_user.role, noun, permissions.needed(request.method, request.endpoint or "")):
            abort(403)
        if visit.lacks_factor() and noun not in UNGUARDED:
            return web.go(url_for("admin.starts.show"))
        if request.endpoint in permissions.PROVEN and not visit.is_proved():
            return proofs.ask(carried=noun not in permissions.UNCARRIED)
        return None
    # A log-in page inside a fragment helps nobody.
    if current_user.is_authenticated or web.sent_by_htmx():
        abort(403)
    target = request.full_path.rstrip("?") if request.method == "GET" else url_for("admin.home.index")
    return redirect(url_for("storefront.sessions.new", next=target))
