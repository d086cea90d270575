"""To decide a dispute, once its effect was seen. The rules of who may stand in the conductor; here is only the form."""

from typing import Any

from flask import Blueprint, Response, abort, url_for
from flask_login import current_user
from sqlalchemy import Connection

from app import trade, web
from app.arbitration.decision_form import DecisionForm, offer_decisions
from app.arbitration.disputes import dispute_or_404, render_decision, render_dispute, told
from app.db import db, transaction
from app.errors import Refusal
from app.fields import attach
from app.noting import Line, noted

pages = Blueprint("decisions", __name__)


@pages.post("/<number>/decisions", endpoint="create")
def create(number: str) -> Response:
    """Decide, if it will do what the page before said; else that page once more, with the figures as they are now."""
    dispute = dispute_or_404(number)
    if trade.bias(db.session, dispute, current_user.id):
        abort(403)
    form = offer_decisions(DecisionForm(), dispute)
    if form.validate_on_submit():
        amounts = {"buyer": dispute.wanted_fen, "seller": 0}
        amount_fen = amounts.get(form.decision.data or "", form.amount.number)
        said = {"decision": form.decision.data, "amount_fen": amount_fen}
        line = Line("dispute.decide", f"dispute:{number}", now=said, reason=form.words.data or "")
        asked = {"seen": form.seen.data or "", "seen_state": form.seen_state.data or ""}
        try:
            try:
                transaction(noted(line, _decide), dispute.id, reason=form.words.data or "", **asked, **told(form))
            except trade.Changed as changed:
                return render_decision(dispute, form, changed)
            return web.go(url_for("arbitration.disputes.show", number=number))
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            attach(form, refusal.field, refusal.text(), form.decision)
    return render_dispute(dispute, form, 422)


def _decide(tx: Connection, dispute_id: int, *, seen: str, seen_state: str, reason: str, **decided: Any) -> None:
    trade.expect(tx, trade.decide_now, dispute_id, seen=seen, **decided)
    trade.decide_dispute(tx, dispute_id, seen_state=seen_state, reason=reason, **decided)
