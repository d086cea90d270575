"""Whoever changes how they log in shows once more, within ten minutes, who they are."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user, login_required

from app import proof, visit, web
from app.proof import ProofForm

pages = Blueprint("proofs", __name__, url_prefix="/me/proof")


def ask() -> Response | None:
    """Where to show it before the present request; None when that was done."""
    if visit.is_proved():
        return None
    return web.go(url_for("storefront.proofs.new", next=url_for("storefront.security.show")))


@pages.get("", endpoint="new")
@login_required
def new() -> Response:
    return _page(ProofForm(formdata=None, next=request.args.get("next", "")))


@pages.post("", endpoint="create")
@login_required
def create() -> Response:
    form = ProofForm()
    if form.validate_on_submit() and proof.is_good(form):
        return web.go(web.safe_next(form.next.data, url_for("storefront.security.show")))
    return _page(form, 422)


def _page(form: ProofForm, status: int = 200) -> Response:
    ways = proof.ways_of(current_user.id)
    form.ask_for(ways)
    return make_response(render_template("storefront/proofs/new.html", form=form, ways=ways), status)
