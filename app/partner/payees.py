"""A payee: where a distributor's money goes. A change asks for the password, and waits before money follows it."""

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Connection

from app import clock, referral, settlement, visit, web
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.fields import attach
from app.partner.payout_forms import METHODS, PayeeForm
from app.partner.standing import standing
from app.settlement import Destination

pages = Blueprint("payees", __name__, url_prefix="/payee")


@pages.get("", endpoint="edit")
def edit() -> Response:
    payee = settlement.current_payee(db.session, current_user.id)
    return _page(PayeeForm(formdata=None, method=payee.method if payee else None, name=payee.name if payee else None))


def waits_until(payee: Destination | None) -> int | None:
    """When payouts to a payee that was entered or changed a short time ago begin; None if they may."""
    until = payee.created_at + settings().payout_cooldown_hours * clock.HOUR if payee else 0
    return until if until > clock.now() else None


def _page(form: PayeeForm, status: int = 200) -> Response:
    payee = settlement.current_payee(db.session, current_user.id)
    shown = {"payee": payee, "waits_until": waits_until(payee), "methods": METHODS}
    return make_response(render_template("partner/payees/edit.html", form=form, **shown), status)


@pages.post("", endpoint="update")
def update() -> Response:
    form = PayeeForm()
    if form.validate_on_submit() and _knows_password(form):
        try:
            transaction(_save, current_user.id, standing().node_id, form, clock.now())
            return web.go(url_for("partner.payouts.index"))
        except Refusal as refusal:
            attach(form, refusal.field, refusal.text(), form.account)
    return _page(form, 422)


def _knows_password(form: PayeeForm) -> bool:
    if visit.knows_password(form.password.data):
        return True
    form.password.errors = [_("This is not your present password.")]
    return False


def _save(tx: Connection, account_id: int, node_id: int, form: PayeeForm, now: int) -> None:
    told = {"method": form.method.data, "name": form.name.data or "", "account": form.account.data or ""}
    index = settlement.save_payee(tx, account_id, now=now, **told)
    # So that two accounts that are paid to one place are known for one person.
    referral.remember_payee(tx, node_id, index)
