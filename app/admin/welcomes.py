"""The page behind an invitation to run the shop: whoever holds the one-time link becomes its first owner, or one of those who
help. Afterwards it is gone. The first owner says on the page before it (openings.py) what the shop is called."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, url_for
from sqlalchemy import Connection

from app import accounts, audit, clock, trade, visit, web
from app.accounts import Contact
from app.admin.actors import who
from app.admin.forms import WelcomeForm, put_beside
from app.admin.links import admit, keep_secret, refuse_unopened, remember_opened
from app.audit import Who
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.extensions import csrf

pages = Blueprint("welcomes", __name__, url_prefix="/welcome/<token>")
csrf.exempt(pages)
pages.before_request(keep_secret)


def _admit(token: str) -> str:
    """The role that the link gives; that of the owner is given once."""
    has_owner = accounts.owner_exists(db.session.connection())
    purpose = admit(token, *accounts.STAFF_ROLES, accounts.CO_OWNER).purpose
    if purpose == "owner" and has_owner:
        abort(404)
    return accounts.role_invited(purpose)


@pages.get("", endpoint="new")
def new(token: str) -> Response:
    role = _admit(token)
    if role == "owner" and not settings().described and not accounts.owner_exists(db.session.connection()):
        return web.go(url_for("links.openings.edit", token=token))
    remember_opened(token)
    return _page(token, WelcomeForm(formdata=None), role)


@pages.post("", endpoint="create")
def create(token: str) -> Response:
    role = _admit(token)
    form = WelcomeForm()
    refuse_unopened(token, form)
    if form.validate_on_submit():
        try:
            return _register(token, role, form.contact.data, form.password.data)
        except Refusal as refusal:
            put_beside(form, refusal)
    transaction(accounts.count_try, token, clock.now())
    return _page(token, form, role, 422)


def _register(token: str, role: str, text: str, password: str) -> Response:
    contact = accounts.read_contact(text)
    own_words = (contact.value, contact.value.partition("@")[0], settings().name)
    accounts.check_password(password, least=accounts.least_characters(role), own_words=own_words)
    account_id = transaction(_open_account, token, contact, accounts.hash_password(password), role, who())
    visit.sign_in(account_id, role, "invitation")
    return web.go(url_for("admin.starts.show") if role in accounts.DESK_ROLES else visit.home_of(role))


def _open_account(tx: Connection, token: str, contact: Contact, password_hash: str, role: str, who: Who) -> int:
    """The account, its contact and its node come into being together with the link's end, or none of them does."""
    told: dict[str, Any] = {"contact": contact, "password_hash": password_hash, "name": "", "now": who.at}
    account_id = trade.register_staff(tx, token=token, **told)
    by = replace(who, account_id=account_id)
    audit.record(tx, by, "account.create", f"account:{account_id}", now={"role": role, "by": "invitation"})
    return account_id


def _page(token: str, form: WelcomeForm, role: str, status: int = 200) -> Response:
    return make_response(render_template("admin/welcomes/new.html", form=form, token=token, role=role), status)
