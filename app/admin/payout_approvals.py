"""To approve several payouts at once: what was ticked on the list, with its sums and with who is refused, before it is done."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Connection

from app import audit, clock, settlement, web
from app.admin import labels
from app.admin.actors import who
from app.db import transaction
from app.display import settings
from app.errors import Refusal
from app.fields import Form
from app.settlement import Several

pages = Blueprint("payout_approvals", __name__, url_prefix="/payouts/approvals")


def numbers_of(given: Any) -> list[str]:
    """The payouts that were ticked."""
    return [number for number in given.getlist("number") if len(number) <= 20][: settlement.MOST_AT_ONCE]


@pages.get("/new", endpoint="new")
def new() -> Response:
    numbers = numbers_of(request.args)
    return _page(numbers) if numbers else web.go(url_for("admin.payouts.index", state="requested", nothing="ticked"))


@pages.post("", endpoint="create")
def create() -> Response:
    numbers = numbers_of(request.form)
    if not Form().validate_on_submit() or not numbers:
        return web.go(url_for("admin.payouts.index", state="requested", nothing="ticked"))
    told: dict[str, Any] = {"by": current_user.id, "settings": settings(), "now": clock.now()}
    try:
        done = transaction(_approve, numbers, request.form.get("seen", ""), told, who())
    except settlement.Unseen as unseen:
        return _page(numbers, 409, unseen)
    return web.go(url_for("admin.payouts.index", state="approved", approved=len(done.done)))


def _approve(tx: Connection, numbers: list[str], seen: str, told: dict[str, Any], by: audit.Who) -> Several:
    done = settlement.approve_payouts(tx, numbers, seen=seen, **told)
    for one in done.done:
        now = {"state": "approved", "amount_fen": one.payout.amount_fen}
        audit.record(tx, by, "payout.approval", f"payout:{one.payout.number}", was={"state": "requested"}, now=now)
    return done


def _page(numbers: list[str], status: int = 200, changed: Refusal | None = None) -> Response:
    """The sums as they are now, found by approving and undoing it."""
    found = transaction(settlement.foresee_approvals, numbers, by=current_user.id, settings=settings(), now=clock.now())
    page = render_template(
        "admin/payout_approvals/new.html",
        found=found,
        changed=changed,
        labels=labels,
    )
    return make_response(page, status)
