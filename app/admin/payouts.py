"""Payouts as the merchant sees them: who asks for what, where it goes, and what happened so far."""

from flask import Blueprint, Response, abort, make_response, render_template, request

from app import accounts, outbox, payments, referral, settlement, web
from app.admin import actors, labels, payout_search
from app.admin.payout_forms import ResultForm, StepForm
from app.cursor import read_cursor, write_cursor
from app.db import AnyRow, db

pages = Blueprint("payouts", __name__, url_prefix="/payouts")
# What can be done to several at once, by the state that they are in.
TOGETHER = {"requested": "payout_approvals", "processing": "payout_payments"}
# Whoever has to send the money has to see where to.
REVEALABLE = ("approved", "processing", "paid", "failed", "returned")


@pages.get("", endpoint="index")
def index() -> Response:
    return render_list()


def render_list(
    form: ResultForm | None = None, report: list[tuple[str, str]] | None = None, status: int = 200
) -> Response:
    """The list, with what an import of results came to."""
    asked = payout_search.asked()
    found, last_id = payout_search.listed(asked, before=read_cursor("admin.payouts"))
    account_ids = {one.account_id for one in found}
    response = web.page_or_partial(
        "admin/payouts/index.html",
        "admin/payouts/_rows.html",
        payouts=found,
        state=asked.state,
        words=asked.words,
        kept=asked.kept,
        pids=referral.pids_of_accounts(db.session, account_ids),
        contacts=accounts.masked_contacts(db.session, list(account_ids)),
        labels=labels,
        form=form or ResultForm(formdata=None),
        report=report,
        nothing=request.args.get("nothing"),
        approved=request.args.get("approved", type=int),
        paid=request.args.get("paid", type=int),
        together=TOGETHER.get(asked.state or ""),
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


def render_payout(
    payout: AnyRow, forms: dict[str, StepForm] | None = None, status: int = 200, *, is_revealed: bool = False
) -> Response:
    """One payout with its history, where it goes masked; a form that was refused comes back under its step."""
    payee = settlement.payee_by_id(db.session, payout.payee_id)
    events = settlement.events_of(db.session, payout.id)
    transfer = settlement.transfer_subject(db.session, payout)
    page = render_template(
        "admin/payouts/show.html",
        can_transfer=payee.method == "alipay" and payments.transfer_account(db.session) is not None,
        is_transferring=payout.state == "processing" and outbox.is_pending(db.session, transfer),
        transfer_number=transfer.partition(":")[2],
        transfer_reason=outbox.reasons(db.session, [transfer]).get(transfer),
        payout=payout,
        payee=payee,
        is_revealed=is_revealed,
        is_revealable=payout.state in REVEALABLE,
        clashes=settlement.accounts_with(db.session, payee.account_index, payee.account_id),
        contacts=[accounts.mask_contact(one) for one in accounts.contacts_of(db.session, payout.account_id)],
        events=events,
        actors=actors.names(event.actor for event in events),
        parts=settlement.parts_of_payout(db.session, payout.id),
        forms=forms or {},
        empty=StepForm(formdata=None),
        labels=labels,
    )
    return make_response(page, status)
