"""Payouts: what can be paid out, what was asked for, and what became of it."""

from flask import Blueprint, Response, abort, make_response, render_template, url_for
from flask_babel import gettext as _

from app import clock, ledger, settlement, throttle, visit, web
from app.cursor import read_cursor, write_cursor
from app.db import AnyRow, db, transaction
from app.display import moment, settings
from app.errors import Refusal, in_words
from app.fields import attach
from app.money import yuan
from app.partner.payees import waits_until
from app.partner.payout_forms import METHODS, PayoutForm
from app.partner.standing import release_due, standing

pages = Blueprint("payouts", __name__, url_prefix="/payouts")
ASK_LIMIT = "20/day"


@pages.get("", endpoint="index")
def index() -> Response:
    return _page()


def _page(form: PayoutForm | None = None, status: int = 200) -> Response:
    me, account_id = standing(), visit.account_id() or 0
    release_due(me)
    found, last_id = settlement.list_payouts(db.session, account_id=account_id, before=read_cursor("payouts"))
    context = {
        "payouts": found,
        "reasons": settlement.last_reasons(db.session, [payout.id for payout in found]),
        "following": write_cursor("payouts", last_id),
    }
    if web.wants_partial() and form is None:
        return make_response(render_template("partner/payouts/_list.html", **context))
    wallet = ledger.read_wallet(db.session, me.pids)
    payee = settlement.current_payee(db.session, account_id)
    hindrance = settlement.hindrance(db.session, account_id, settings(), clock.now())
    if form is None:
        form = PayoutForm(formdata=None)
        form.amount.data = yuan(settlement.payable_fen(wallet))
    page = render_template(
        "partner/payouts/index.html",
        wallet=wallet,
        payable_fen=settlement.payable_fen(wallet),
        payee=payee,
        methods=METHODS,
        hindrance=_no(hindrance, payee) if hindrance else None,
        form=form,
        **context,
    )
    response = make_response(page, status)
    response.vary.add(web.REQUEST_TYPE)
    return response


def _no(reason: settlement.Hindrance | Refusal, payee: settlement.Destination | None) -> str:
    """Why nothing can be paid out now; of a payee that waits, until when."""
    until = waits_until(payee) if reason.field == "payee" else None
    if until is None:
        return in_words(reason.message, **reason.values)
    return _(
        "Where the money goes was entered or changed a short time ago. For your safety, payouts begin on %(moment)s.",
        moment=moment(until),
    )


@pages.post("", endpoint="create")
def create() -> Response:
    form, account_id = PayoutForm(), visit.account_id() or 0
    if form.validate_on_submit():
        throttle.spend(ASK_LIMIT, "payout", str(account_id))
        actor = f"account:{account_id}"
        try:
            transaction(
                settlement.request_payout,
                account_id,
                form.amount.number,
                settings(),
                actor=actor,
                now=clock.now(),
            )
            return web.go(url_for("partner.payouts.index"))
        except Refusal as refusal:
            attach(form, refusal.field, _no(refusal, settlement.current_payee(db.session, account_id)), form.amount)
    return _page(form, 422)


def _payout_or_404(number: str) -> AnyRow:
    payout = settlement.find_payout(db.session, number)
    if payout is None or payout.account_id != visit.account_id():
        abort(404)
    return payout


@pages.post("/<number>/cancellation", endpoint="cancel")
def cancel(number: str) -> Response:
    """Take a request back that nobody has looked at yet."""
    _payout_or_404(number)
    transaction(settlement.cancel_payout, number, actor=f"account:{visit.account_id()}", now=clock.now())
    return web.go(url_for("partner.payouts.index"))
