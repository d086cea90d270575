"""The second step of a log-in: the password was right, and now the second factor is shown."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app import arrival, proof, web
from app.accounts import Pending
from app.proof import ProofForm

pages = Blueprint("second_steps", __name__, url_prefix="/login/second")


@pages.get("", endpoint="new")
def new() -> Response:
    waiting = arrival.pending()
    if waiting is None:
        return _begin_again(request.args.get("next"))
    return _page(ProofForm(formdata=None, next=request.args.get("next", "")), waiting)


@pages.post("", endpoint="create")
def create() -> Response:
    waiting = arrival.pending()
    form = ProofForm()
    if waiting is None:
        return _begin_again(form.next.data)
    by = proof.shows_factor(form, waiting.account_id, waiting.token) if form.validate_on_submit() else None
    if by is None:
        return _page(form, waiting, 422)
    return arrival.pass_on(waiting, by, form.next.data) or _begin_again(form.next.data)


def _begin_again(target: str | None) -> Response:
    return web.go(url_for("storefront.sessions.new", next=web.safe_next(target, "") or None))


def _page(form: ProofForm, waiting: Pending, status: int = 200) -> Response:
    ways = proof.ways_of(waiting.account_id)
    form.ask_for(ways)
    return make_response(
        render_template("storefront/second_steps/new.html", form=form, ways=ways, role=waiting.role), status
    )
