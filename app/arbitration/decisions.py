"""To decide a dispute. The rules of who may stand in the conductor; here is only the form."""

from flask import Blueprint, Response, url_for
from flask_login import current_user

from app import clock, trade, web
from app.arbitration.decision_form import DecisionForm, offer_decisions
from app.arbitration.disputes import dispute_or_404, render_dispute
from app.db import transaction
from app.errors import Refusal
from app.fields import attach
from app.noting import Line, noted

pages = Blueprint("decisions", __name__)


@pages.post("/<number>/decisions", endpoint="create")
def create(number: str) -> Response:
    dispute = dispute_or_404(number)
    form = offer_decisions(DecisionForm(), dispute)
    if form.validate_on_submit():
        try:
            amounts = {"buyer": dispute.wanted_fen, "seller": 0}
            told = {
                "decision": form.decision.data,
                "amount_fen": amounts.get(form.decision.data or "", form.amount.number),
            }
            transaction(
                noted(
                    Line("dispute.decide", f"dispute:{number}", now=told, reason=form.words.data or ""),
                    trade.decide_dispute,
                ),
                dispute.id,
                account_id=current_user.id,
                seen_state=form.seen_state.data or "",
                decision=form.decision.data or "",
                fen=form.amount.number,
                reason=form.words.data or "",
                order_number=form.order_number.data or None,
                now=clock.now(),
            )
            return web.go(url_for("arbitration.disputes.show", number=number))
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            attach(form, refusal.field, refusal.text(), form.decision)
    return render_dispute(dispute, form, 422)
