"""To note several payouts as paid: what was ticked on the list, with its sums and with who is refused, before it is done."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Connection

from app import audit, clock, settlement, web
from app.admin import labels
from app.admin.actors import who
from app.admin.payout_approvals import numbers_of
from app.admin.payout_forms import ReferenceForm
from app.db import transaction
from app.display import settings
from app.errors import Refusal
from app.settlement import Several

pages = Blueprint("payout_payments", __name__, url_prefix="/payouts/payments")
Forms = dict[str, ReferenceForm]


@pages.get("/new", endpoint="new")
def new() -> Response:
    numbers = numbers_of(request.args)
    return _page(numbers, _forms(numbers)) if numbers else _nothing()


@pages.post("", endpoint="create")
def create() -> Response:
    numbers = numbers_of(request.form)
    forms = _forms(numbers)
    # The csrf token stands in the first of them alone.
    if not numbers or not forms[""].validate_on_submit():
        return _page(numbers, forms, 422) if numbers else _nothing()
    told: dict[str, Any] = {"by": current_user.id, "settings": settings(), "now": clock.now()}
    found = transaction(settlement.foresee_confirmations, numbers, **told)
    if found.seal == request.form.get("seen") and not _complete(found, forms):
        return _page(numbers, forms, 422)
    try:
        references = {number: _reference(forms, number) for number in numbers}
        done = transaction(_confirm, references, request.form.get("seen", ""), told, who())
    except settlement.Unseen as unseen:
        return _page(numbers, forms, 409, unseen)
    return web.go(url_for("admin.payouts.index", state="paid", paid=len(done.done)))


def _nothing() -> Response:
    return web.go(url_for("admin.payouts.index", state="processing", nothing="ticked"))


def _forms(numbers: list[str]) -> Forms:
    """A form for all of them together, under "", and one for each."""
    given: dict[str, Any] = {} if request.method == "POST" else {"formdata": None}
    each = {number: ReferenceForm(prefix=f"{number}-", meta={"csrf": False}, **given) for number in numbers}
    return {"": ReferenceForm(**given)} | each


def _reference(forms: Forms, number: str) -> str:
    return forms[number].reference.data or forms[""].reference.data or ""


def _complete(found: Several, forms: Forms) -> bool:
    """Whether each that can be paid has the number of a transfer; a sentence stands beside the field where not."""
    is_complete = True
    for one in found.done:
        form = forms[one.payout.number]
        if not form.validate():
            is_complete = False
        elif not _reference(forms, one.payout.number):
            form.reference.errors = [_("Please note the number of the transfer, so that it can be found again.")]
            is_complete = False
    return is_complete


def _confirm(tx: Connection, references: dict[str, str], seen: str, told: dict[str, Any], by: audit.Who) -> Several:
    done = settlement.confirm_payouts(tx, references, seen=seen, **told)
    for one in done.done:
        number = one.payout.number
        now = {"state": "paid", "reference": references[number], "amount_fen": one.payout.amount_fen}
        audit.record(tx, by, "payout.payment", f"payout:{number}", was={"state": "processing"}, now=now)
    return done


def _page(numbers: list[str], forms: Forms, status: int = 200, changed: Refusal | None = None) -> Response:
    """The sums as they are now, found by noting them and undoing it."""
    told: dict[str, Any] = {"by": current_user.id, "settings": settings(), "now": clock.now()}
    found = transaction(settlement.foresee_confirmations, numbers, **told)
    page = render_template("admin/payout_payments/new.html", found=found, forms=forms, changed=changed, labels=labels)
    return make_response(page, status)
