"""The effect of a decision: what the ledger would do once it is final, in figures, and only then the button that decides."""

from flask import Blueprint, Response, abort, make_response, render_template
from flask_login import current_user

from app import trade, web
from app.arbitration.decision_form import DecisionForm, offer_decisions
from app.arbitration.disputes import dispute_or_404, render_decision, render_dispute, told
from app.db import db
from app.errors import Refusal
from app.fields import attach
from app.foreseeing import foresee

pages = Blueprint("effects", __name__)


@pages.post("/<number>/effects", endpoint="create")
def create(number: str) -> Response:
    dispute = dispute_or_404(number)
    if trade.bias(db.session, dispute, current_user.id):
        abort(403)
    form = offer_decisions(DecisionForm(), dispute)
    if web.wants_partial():
        # The reason may still be missing: nothing is decided yet.
        form.amount.validate(form)
        foreseen = foresee(trade.decide_now, dispute.id, **told(form))
        return make_response(render_template("shared/_effect.html", foreseen=foreseen))
    if form.validate_on_submit():
        try:
            return render_decision(dispute, form)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            attach(form, refusal.field, refusal.text(), form.decision)
    return render_dispute(dispute, form, 422)
