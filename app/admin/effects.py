"""The effect of a step in a dispute: what the ledger would do, in figures, and only then the button that does it."""

from flask import Blueprint, Response, make_response, render_template

from app import hearing, web
from app.admin.disputes import dispute_or_404, foreseen_step, render_dispute, render_step

pages = Blueprint("effects", __name__, url_prefix="/disputes/<number>/effects")
pages.url_value_preprocessor(hearing.make_room)


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    dispute, form = dispute_or_404(number), hearing.StepForm()
    is_valid = form.validate()
    if web.wants_partial():
        foreseen = foreseen_step(dispute, form) if is_valid else None
        return make_response(render_template("shared/_effect.html", foreseen=foreseen))
    return render_step(dispute, form) if is_valid else render_dispute(dispute, form, 422)
