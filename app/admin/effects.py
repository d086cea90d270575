"""The effect of a step in a dispute: what the ledger would do, in figures, before anything is done."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template
from flask_login import current_user

from app import clock, hearing, trade, web
from app.admin.disputes import dispute_or_404, render_dispute
from app.foreseeing import Foreseen, foresee
from app.settlement import Dispute

pages = Blueprint("effects", __name__, url_prefix="/disputes/<number>/effects")
pages.url_value_preprocessor(hearing.make_room)


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    dispute, form = dispute_or_404(number), hearing.StepForm()
    foreseen = _foresee(dispute, form) if form.validate() else None
    if web.wants_partial():
        return make_response(render_template("shared/_effect.html", foreseen=foreseen))
    return render_dispute(dispute, form, foreseen=foreseen)


def _foresee(dispute: Dispute, form: hearing.StepForm) -> Foreseen:
    who: dict[str, Any] = {"actor": f"account:{current_user.id}", "now": clock.now()}
    fen = form.amount.number or 0
    if form.step.data == "offer":
        return foresee(trade.agree_on, dispute.id, fen=fen, **who)
    if form.step.data == "concede":
        return foresee(trade.concede, dispute.id, **who)
    if form.step.data != "outcome":
        abort(400)
    return foresee(trade.record_outcome, dispute.id, fen=fen, reference="", **who)
