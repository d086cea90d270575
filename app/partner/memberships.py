"""To join: free, one click, by accepting the rules of the network in the version that is shown."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from app import clock, referral, web
from app.db import db, transaction
from app.display import settings
from app.errors import N_, Refusal
from app.partner.standing import standing

pages = Blueprint("memberships", __name__)


@pages.get("/membership", endpoint="new")
def new() -> Response:
    if standing().is_qualified:
        return make_response(redirect(url_for("partner.links.index")))
    # What holds for somebody without a tier, on a product without rates of its own.
    rates = referral.find_rates(db.session, 0)
    return make_response(render_template("partner/membership/new.html", rates=rates))


@pages.post("/membership", endpoint="create")
def create() -> Response:
    """Join by accepting the rules; the version that was shown and the moment are kept with the member."""
    me, rules = standing(), settings()
    # The box names the version beside it: rules that changed since are not accepted by it.
    if request.form.get("accept") != rules.terms_version:
        raise Refusal(N_("Please accept the rules to join."))
    if rules.free_join:
        transaction(
            referral.qualify, me.node_id, source="free_join", terms_version=rules.terms_version, now=clock.now()
        )
    return web.go(url_for("partner.links.index"))
