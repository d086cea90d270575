"""The effect of a decision: what the ledger would do once it is final, before anybody decides."""

from flask import Blueprint, Response, abort, make_response, render_template
from flask_login import current_user

from app import clock, trade, web
from app.arbitration.decision_form import DecisionForm, offer_decisions
from app.arbitration.disputes import dispute_or_404, render_dispute
from app.db import db
from app.foreseeing import foresee

pages = Blueprint("effects", __name__)


@pages.post("/<number>/effects", endpoint="create")
def create(number: str) -> Response:
    dispute = dispute_or_404(number)
    if trade.bias(db.session, dispute, current_user.id):
        abort(403)
    form = offer_decisions(DecisionForm(), dispute)
    # The reason may still be missing: nothing is decided yet.
    form.amount.validate(form)
    foreseen = foresee(
        trade.decide_now,
        dispute.id,
        account_id=current_user.id,
        decision=form.decision.data or "",
        fen=form.amount.number,
        order_number=form.order_number.data or None,
        now=clock.now(),
    )
    if web.wants_partial():
        return make_response(render_template("shared/_effect.html", foreseen=foreseen))
    return render_dispute(dispute, form, foreseen=foreseen)
