"""A new password by a one-time link, for somebody who lost theirs. Every session of the account ends."""

from flask import Blueprint, Response, make_response, render_template
from sqlalchemy import Connection

from app import accounts, arrival, audit, clock, visit
from app.accounts import Account
from app.admin.forms import NewPasswordForm, put_beside
from app.admin.links import admit, keep_secret, refuse_unopened, remember_opened
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.extensions import csrf

pages = Blueprint("passwords", __name__, url_prefix="/passwords/<token>")
csrf.exempt(pages)
pages.before_request(keep_secret)
PURPOSE = "password"


def _account(token: str) -> Account:
    account = db.session.get(Account, admit(token, PURPOSE).account_id)
    if account is None or account.disabled_at is not None:
        raise accounts.BadTicket
    return account


@pages.get("", endpoint="edit")
def edit(token: str) -> Response:
    account = _account(token)
    remember_opened(token)
    return _page(token, NewPasswordForm(formdata=None), account)


@pages.post("", endpoint="update")
def update(token: str) -> Response:
    account = _account(token)
    form = NewPasswordForm()
    refuse_unopened(token, form)
    if form.validate_on_submit():
        try:
            return _change(token, account.id, account.role, form.password.data)
        except Refusal as refusal:
            put_beside(form, refusal)
    transaction(accounts.count_try, token, clock.now())
    return _page(token, form, _account(token), 422)


def _change(token: str, account_id: int, role: str, password: str) -> Response:
    own_words = (settings().name, *accounts.contacts_of(db.session, account_id))
    accounts.check_password(password, least=accounts.least_characters(role), own_words=own_words)
    transaction(_replace, token, account_id, accounts.hash_password(password), visit.who(account_id))
    return arrival.arrive(account_id, "link")


def _replace(tx: Connection, token: str, account_id: int, password_hash: str, who: audit.Who) -> None:
    if accounts.use_ticket(tx, token, who.at).account_id != account_id:
        raise accounts.BadTicket
    accounts.replace_password(tx, account_id, password_hash, who.at)
    audit.record(tx, who, "password.update", f"account:{account_id}", now={"by": "link"})


def _page(token: str, form: NewPasswordForm, account: Account, status: int = 200) -> Response:
    page = render_template(
        "admin/passwords/edit.html", form=form, token=token, least=accounts.least_characters(account.role)
    )
    return make_response(page, status)
