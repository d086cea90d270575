"""The account at Alipay from which payouts are sent. Its private key is written here and never shown; only an owner comes here."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, payments, vault, visit, web
from app.admin.forms import put_beside
from app.admin.transfer_form import PasswordForm, TransferForm
from app.db import db, transaction
from app.errors import Refusal
from app.fields import Form
from app.noting import Line, noted
from app.payments import ALIPAY_GATEWAY, ALIPAY_SCENE, TransferAnswer

pages = Blueprint("transfers", __name__, url_prefix="/transfers")


@pages.get("", endpoint="edit")
def edit() -> Response:
    known = payments.transfer_settings(db.session) or {"gateway": ALIPAY_GATEWAY, "scene": ALIPAY_SCENE}
    return _page(TransferForm(formdata=None, data=known | {"private_key": ""}))


@pages.post("", endpoint="update")
def update() -> Response:
    form = TransferForm()
    if form.validate_on_submit() and _knows_password(form):
        try:
            transaction(
                noted(
                    Line("transfer_account.update", "transfer_account", now={"keys": "changed"}),
                    payments.save_transfer_account,
                ),
                form.account,
                clock.now(),
            )
            return web.go(url_for("admin.transfers.edit", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(form, 422)


@pages.post("/trials", endpoint="trial")
def trial() -> Response:
    """Ask Alipay after a transfer that cannot be there: whoever may ask, and gets a signed answer, has the right keys."""
    account = payments.transfer_account(db.session)
    if account is None:
        abort(404)
    answer = payments.query_transfer(account, f"test_{vault.code(16)}", clock.now())
    known = payments.transfer_settings(db.session)
    return _page(TransferForm(formdata=None, data=(known or {}) | {"private_key": ""}), tried=answer)


@pages.post("/removal", endpoint="remove")
def remove() -> Response:
    form = PasswordForm()
    if form.validate_on_submit() and _knows_password(form):
        transaction(noted(Line("transfer_account.destroy", "transfer_account"), payments.drop_transfer_account))
        return web.go(url_for("admin.transfers.edit", saved=1))
    known = payments.transfer_settings(db.session) or {}
    return _page(TransferForm(formdata=None, data=known | {"private_key": ""}), 422, removal=form)


def _knows_password(form: Form) -> bool:
    if visit.knows_password(form["password"].data):
        return True
    form["password"].errors = [_("This is not your present password.")]
    return False


def _page(
    form: TransferForm, status: int = 200, *, tried: TransferAnswer | None = None, removal: PasswordForm | None = None
) -> Response:
    known = payments.transfer_settings(db.session)
    page = render_template(
        "admin/transfers/edit.html",
        form=form,
        is_known=known is not None,
        faults=payments.check_alipay(known) if known else {},
        tried=tried,
        removal=removal or PasswordForm(formdata=None, prefix=""),
        saved="saved" in request.args,
    )
    return make_response(page, status)
