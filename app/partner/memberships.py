"""To join: free, one click, by accepting the rules of the network in the version that is shown."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, referral, web
from app.db import db, transaction
from app.display import settings
from app.errors import N_, Refusal
from app.partner.standing import standing

pages = Blueprint("memberships", __name__)
BARRED = N_(
    "The shop has ended or paused your part in sharing. What you earned before is under Earnings; please ask the shop."
)


@pages.get("/membership", endpoint="new")
def new() -> Response:
    me = standing()
    if me.is_qualified:
        return make_response(redirect(url_for("partner.links.index")))
    # What holds for somebody without a tier, on a product without rates of its own.
    rates = referral.find_rates(db.session, 0)
    barred = _(BARRED) if me.is_barred else None
    return make_response(render_template("partner/membership/new.html", rates=rates, barred=barred))


@pages.post("/membership", endpoint="create")
def create() -> Response:
    """Join by accepting the rules; the version that was shown and the moment are kept with the member."""
    me, rules = standing(), settings()
    # The box names the version beside it: rules that changed since are not accepted by it.
    if request.form.get("accept") != rules.terms_version:
        raise Refusal(N_("Please accept the rules to join."))
    if me.is_barred:
        raise Refusal(BARRED)
    if rules.free_join:
        transaction(
            referral.qualify, me.node_id, source="free_join", terms_version=rules.terms_version, now=clock.now()
        )
    return web.go(url_for("partner.links.index"))
