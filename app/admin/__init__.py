"""The merchant's desk, behind one guard; and the one-time links of the console, which open before anybody can log in."""

from flask import Blueprint, Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import visit, web
from app.admin import (
    activations,
    alarms,
    answers,
    backups,
    bills,
    bounds,
    card_imports,
    categories,
    channels,
    chargebacks,
    checklists,
    confirmations,
    covers,
    deliveries,
    disputes,
    doctor,
    effects,
    flags,
    home,
    limits,
    logos,
    looks,
    messages,
    modes,
    nodes,
    notice_steps,
    notices,
    openings,
    orders,
    outlets,
    passwords,
    payees,
    payment_claims,
    payout_approvals,
    payout_batches,
    payout_steps,
    payouts,
    people,
    permissions,
    places,
    products,
    profiles,
    proofs,
    publications,
    questions,
    rates,
    rebinds,
    receiving_codes,
    refunds,
    reports,
    sanctions,
    security,
    settings,
    starts,
    strictness,
    texts,
    tiers,
    tongues,
    transfers,
    uses,
    welcomes,
)

DESK = (
    home,
    products,
    publications,
    card_imports,
    covers,
    categories,
    orders,
    notices,
    notice_steps,
    payment_claims,
    bills,
    confirmations,
    deliveries,
    payouts,
    payees,
    payout_approvals,
    payout_batches,
    payout_steps,
    transfers,
    refunds,
    disputes,
    effects,
    chargebacks,
    checklists,
    uses,
    activations,
    rates,
    tiers,
    channels,
    receiving_codes,
    outlets,
    messages,
    settings,
    profiles,
    looks,
    logos,
    texts,
    tongues,
    modes,
    bounds,
    limits,
    security,
    questions,
    answers,
    people,
    nodes,
    sanctions,
    flags,
    rebinds,
    reports,
    strictness,
    proofs,
    starts,
    backups,
    doctor,
)
# What is open to somebody who has no second factor yet, where everybody here needs one.
UNGUARDED = frozenset({"starts", "proofs"})
LINKS = (welcomes, openings, passwords)


def register(app: Flask) -> None:
    desk = Blueprint("admin", __name__, url_prefix="/admin")
    desk.before_request(_let_staff_in)
    for noun in DESK:
        desk.register_blueprint(noun.pages)
    app.register_blueprint(desk)
    links = Blueprint("links", __name__)
    for noun in LINKS:
        links.register_blueprint(noun.pages)
    app.register_blueprint(links)
    app.context_processor(lambda: {"alarms": alarms.shown, "may": _may, "places": places.shown})


def _may(noun: str, right: permissions.Right = "read") -> bool:
    """For templates: whether whoever is logged in may read or write what the desk's `noun` is about."""
    return current_user.is_authenticated and permissions.allows(current_user.role, noun, right)


def _let_staff_in() -> ResponseReturnValue | None:
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
