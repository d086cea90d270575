"""Payouts as the merchant sees them: who asks for what, where it goes, and what happened so far."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_login import current_user
from sqlalchemy import Connection

from app import accounts, clock, outbox, payments, settlement, web
from app.admin import actors, labels
from app.admin.payout_forms import ResultForm, StepForm
from app.cursor import read_cursor, write_cursor
from app.db import AnyRow, db, transaction
from app.noting import Line, noted

pages = Blueprint("payouts", __name__, url_prefix="/payouts")
# Whoever has to send the money has to see where to.
REVEALED = ("approved", "processing", "paid", "failed", "returned")


@pages.get("", endpoint="index")
def index() -> Response:
    return render_list()


def render_list(
    form: ResultForm | None = None, report: list[tuple[str, str]] | None = None, status: int = 200
) -> Response:
    """The list, with what an import of results came to."""
    state = request.args.get("state")
    state = state if state in settlement.STATES_OF_PAYOUT else None
    found, last_id = settlement.list_payouts(db.session, state=state, before=read_cursor("admin.payouts"))
    response = web.page_or_partial(
        "admin/payouts/index.html",
        "admin/payouts/_rows.html",
        payouts=found,
        state=state,
        labels=labels,
        form=form or ResultForm(formdata=None),
        report=report,
        nothing=request.args.get("nothing"),
        following=write_cursor("admin.payouts", last_id),
    )
    response.status_code = status
    return response


def payout_or_404(number: str) -> AnyRow:
    payout = settlement.find_payout(db.session, number)
    if payout is None:
        abort(404)
    return payout


@pages.get("/<number>", endpoint="show")
def show(number: str) -> Response:
    return render_payout(payout_or_404(number))


def render_payout(payout: AnyRow, forms: dict[str, StepForm] | None = None, status: int = 200) -> Response:
    """One payout with its history; a form that was refused comes back under its step."""
    payee = settlement.payee_by_id(db.session, payout.payee_id)
    events = settlement.events_of(db.session, payout.id)
    if payout.state in REVEALED:
        _note_reveal(payout, events)
    transfer = settlement.transfer_subject(db.session, payout)
    page = render_template(
        "admin/payouts/show.html",
        can_transfer=payee.method == "alipay" and payments.transfer_account(db.session) is not None,
        is_transferring=payout.state == "processing" and outbox.is_pending(db.session, transfer),
        transfer_number=transfer.partition(":")[2],
        transfer_reason=outbox.reasons(db.session, [transfer]).get(transfer),
        payout=payout,
        payee=payee,
        is_revealed=payout.state in REVEALED,
        clashes=settlement.accounts_with(db.session, payee.account_index, payee.account_id),
        contacts=accounts.contacts_of(db.session, payout.account_id),
        events=events,
        actors=actors.names(event.actor for event in events),
        parts=settlement.parts_of_payout(db.session, payout.id),
        forms=forms or {},
        empty=StepForm(formdata=None),
        labels=labels,
    )
    return make_response(page, status)


def _note_reveal(payout: AnyRow, events: list[Any]) -> None:
    """Who saw a payee in clear is noted, once a person."""
    actor = f"account:{current_user.id}"
    if not any(event.actor == actor and event.reason == settlement.PAYEE_SHOWN for event in events):
        transaction(noted(Line("payee.reveal", f"payout:{payout.number}"), _reveal), payout, actor, clock.now())


def _reveal(tx: Connection, payout: AnyRow, actor: str, now: int) -> None:
    settlement.note_event(tx, payout.id, payout.state, actor, settlement.PAYEE_SHOWN, now)
