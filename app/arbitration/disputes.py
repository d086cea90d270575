"""Disputes as an arbitrator sees them: both sides' words, what the shop knows of the matter, and nobody's contact."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_login import current_user

from app import clock, foreseeing, hearing, orders, settlement, trade, web
from app.arbitration.decision_form import WORDS, DecisionForm, offer_decisions
from app.cursor import read_cursor, write_cursor
from app.db import db, transaction
from app.errors import Refusal
from app.foreseeing import Foreseen
from app.settlement import Dispute

pages = Blueprint("disputes", __name__)
WAITING = ("evidence", "appeal")


@pages.get("", endpoint="index")
def index() -> Response:
    everything, claims = request.args.get("all") == "1", request.args.get("claims") == "1"
    found, last_id = settlement.list_disputes(
        db.session,
        states=() if everything else WAITING,
        kind="distributor" if claims else None,
        before=read_cursor("arbitration.disputes"),
    )
    return web.page_or_partial(
        "arbitration/index.html",
        "arbitration/_rows.html",
        disputes=found,
        orders=orders.orders_by_id(db.session, [one.order_id for one in found if one.order_id]),
        everything=everything,
        claims=claims,
        now=clock.now(),
        following=write_cursor("arbitration.disputes", last_id),
    )


@pages.get("/<number>", endpoint="show")
def show(number: str) -> Response:
    return render_dispute(hearing.latest(dispute_or_404(number)))


def dispute_or_404(number: str) -> Dispute:
    dispute = settlement.dispute_by_number(db.session, number)
    if dispute is None:
        abort(404)
    return dispute


def told(form: DecisionForm) -> dict[str, Any]:
    """What the form decides, as the act is told it."""
    return {
        "account_id": current_user.id,
        "decision": form.decision.data or "",
        "fen": form.amount.number,
        "order_number": form.order_number.data or None,
        "now": clock.now(),
    }


def render_decision(dispute: Dispute, form: DecisionForm, changed: Refusal | None = None) -> Response:
    """The figures of a decision as they are now, and the button that decides. Raises the Refusal of the act."""
    act: Callable[..., object] = trade.decide_now
    effect = transaction(trade.rehearse, act, dispute.id, **told(form))
    # What the page shows is what the next press confirms.
    form.seen.data = effect.seal
    page = render_template(
        "arbitration/effects/create.html",
        dispute=dispute,
        form=form,
        words=WORDS,
        foreseen=Foreseen(effect),
        changed=changed,
    )
    return make_response(page, 409 if changed else 200)


def render_dispute(dispute: Dispute, form: Any = None, status: int = 200) -> Response:
    """The page of a dispute, with the form to decide where this arbitrator may."""
    bias = trade.bias(db.session, dispute, current_user.id)
    ready = dispute.kind != "provider" and settlement.may_be_decided(dispute, clock.now())
    if ready and not bias and form is None:
        form = offer_decisions(DecisionForm(formdata=None), dispute)
        form.seen_state.data = dispute.state
    page = render_template(
        "arbitration/show.html",
        **hearing.shown(dispute, "arbitrator") | hearing.facts(dispute),
        bias=bias,
        decision_form=form,
        standing=foreseeing.decided(dispute),
    )
    return make_response(page, status)


@pages.get("/<number>/pictures/<picture>", endpoint="picture")
def picture(number: str, picture: str) -> Response:
    return hearing.picture_or_404(dispute_or_404(number), picture)
