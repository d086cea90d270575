"""To delete one's own account: what goes, what stays, and the password once more (distribution 1.21)."""

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user, login_required
from wtforms import BooleanField, PasswordField

from app import clock, ledger, referral, trade, visit, web
from app.db import db, transaction
from app.errors import Refusal
from app.fields import Form, attach
from app.ledger import Wallet
from app.storefront.forms import NEEDED

pages = Blueprint("deletions", __name__, url_prefix="/me/deletion")


class DeletionForm(Form):
    waive = BooleanField(lazy_gettext("I give up the money that is left"))
    password = PasswordField(lazy_gettext("Password"), validators=[NEEDED])


@pages.get("", endpoint="new")
@login_required
def new() -> Response:
    return _page(DeletionForm(formdata=None))


@pages.post("", endpoint="create")
@login_required
def create() -> Response:
    form = DeletionForm()
    if form.validate_on_submit() and _is_owner(form):
        try:
            transaction(trade.leave, current_user.id, waive=form.waive.data, now=clock.now())
            visit.sign_out()
            return web.go(url_for("storefront.products.index"))
        except Refusal as refusal:
            attach(form, refusal.field, refusal.text(), form.password)
    return _page(form, 422)


def _is_owner(form: DeletionForm) -> bool:
    if visit.knows_password(form.password.data):
        return True
    form.password.errors = [_("This is not your present password.")]
    return False


def _wallet() -> Wallet:
    nodes = referral.nodes_of_account(db.session, visit.account_id() or 0)
    return ledger.read_wallet(db.session, [node.pid for node in nodes])


def _page(form: DeletionForm, status: int = 200) -> Response:
    wallet = _wallet()
    left_fen = wallet.held_fen + wallet.available_fen + wallet.frozen_fen
    page = render_template("storefront/deletions/new.html", form=form, wallet=wallet, left_fen=left_fen)
    return make_response(page, status)
