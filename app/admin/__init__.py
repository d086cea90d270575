"""The merchant's desk, behind one guard; and the one-time links of the console, which open before anybody can log in."""

from flask import Blueprint, Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import web
from app.admin import (
    activations,
    bills,
    card_imports,
    categories,
    channels,
    chargebacks,
    confirmations,
    covers,
    deliveries,
    disputes,
    flags,
    home,
    messages,
    nodes,
    notice_steps,
    notices,
    orders,
    outlets,
    passwords,
    payment_claims,
    payout_batches,
    payout_steps,
    payouts,
    people,
    products,
    publications,
    rates,
    rebinds,
    receiving_codes,
    refunds,
    settings,
    tiers,
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
    payout_batches,
    payout_steps,
    transfers,
    refunds,
    disputes,
    chargebacks,
    uses,
    activations,
    rates,
    tiers,
    channels,
    receiving_codes,
    outlets,
    messages,
    settings,
    people,
    nodes,
    flags,
    rebinds,
)
# Whoever may change where money goes, or who may change it, could pay themselves.
OWNERS_ONLY = frozenset(
    f"admin.{noun}"
    for noun in (
        "settings",
        "rates",
        "tiers",
        "channels",
        "receiving_codes",
        "outlets",
        "people",
        "transfers",
    )
)
LINKS = (welcomes, passwords)


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


def _let_staff_in() -> ResponseReturnValue | None:
    if current_user.is_authenticated and current_user.is_staff:
        if request.blueprint in OWNERS_ONLY and not current_user.is_owner:
            abort(403)
        return None
    # A log-in page inside a fragment helps nobody.
    if current_user.is_authenticated or web.sent_by_htmx():
        abort(403)
    target = request.full_path.rstrip("?") if request.method == "GET" else url_for("admin.home.index")
    return redirect(url_for("storefront.sessions.new", next=target))
