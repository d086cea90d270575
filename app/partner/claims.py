"""A distributor's claim that an order was not counted, and what became of it (distribution 1.3.17)."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for

from app import clock, hearing, settlement, throttle, trade, visit, web
from app.db import db, transaction
from app.errors import Refusal
from app.fields import attach
from app.partner.claim_form import ClaimForm
from app.partner.standing import standing
from app.settlement import Dispute

pages = Blueprint("claims", __name__, url_prefix="/claims")
pages.url_value_preprocessor(hearing.make_room)
SIDE = "opener"
OPEN_LIMIT = "10/hour"


def _actor() -> str:
    return f"account:{visit.account_id()}"


@pages.get("", endpoint="index")
def index() -> str:
    claims = settlement.claims_of_node(db.session, standing().node_ids)
    return render_template("partner/claims/index.html", claims=claims)


@pages.get("/new", endpoint="new")
def new() -> Response:
    if not standing().is_qualified:
        return make_response(redirect(url_for("partner.memberships.new")))
    return _form(ClaimForm(formdata=None))


def _form(form: ClaimForm, status: int = 200) -> Response:
    return make_response(render_template("partner/claims/new.html", form=form), status)


@pages.post("", endpoint="create")
def create() -> Response:
    me, form = standing(), ClaimForm()
    if not me.is_qualified:
        return web.go(url_for("partner.memberships.new"))
    throttle.spend(OPEN_LIMIT, "claim", str(visit.account_id()))
    if not form.validate_on_submit():
        return _form(form, 422)
    try:
        number = transaction(
            trade.claim_commission,
            me.node_id,
            order_number=form.order_number.data or None,
            claim=form.claim,
            picture=hearing.read_picture(),
            actor=_actor(),
            now=clock.now(),
        )
    except Refusal as refusal:
        attach(form, refusal.field, refusal.text(), form.words)
        return _form(form, refusal.status)
    return web.go(url_for("partner.claims.show", number=number))


def _claim_or_404(number: str) -> Dispute:
    dispute = settlement.dispute_by_number(db.session, number)
    if dispute is None or dispute.kind != "distributor" or dispute.node_id not in standing().node_ids:
        abort(404)
    return dispute


@pages.get("/<number>", endpoint="show")
def show(number: str) -> Response:
    return _page(hearing.latest(_claim_or_404(number)))


def _page(dispute: Dispute, form: Any = None, status: int = 200) -> Response:
    return make_response(render_template("partner/claims/show.html", **hearing.shown(dispute, SIDE, form)), status)


@pages.post("/<number>/steps", endpoint="update")
def update(number: str) -> Response:
    dispute = _claim_or_404(number)
    form = hearing.StepForm()
    if hearing.perform(dispute, SIDE, _actor(), form):
        return web.go(url_for("partner.claims.show", number=number))
    return _page(dispute, form, 422)


@pages.get("/<number>/pictures/<picture>", endpoint="picture")
def picture(number: str, picture: str) -> Response:
    return hearing.picture_or_404(_claim_or_404(number), picture)
