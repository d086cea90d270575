"""The page behind an invitation to run the shop: whoever holds the one-time link becomes its first owner, an admin or an
arbitrator. Afterwards it is gone."""

from flask import Blueprint, Response, abort, make_response, render_template

from app import accounts, clock, trade, visit, web
from app.admin.forms import WelcomeForm, put_beside
from app.admin.links import admit, keep_secret, refuse_unopened, remember_opened
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
    role = admit(token, *accounts.STAFF_ROLES).purpose
    if role == "owner" and has_owner:
        abort(404)
    return role


@pages.get("", endpoint="new")
def new(token: str) -> Response:
    role = _admit(token)
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
    account_id = transaction(
        trade.register_staff,
        token=token,
        contact=contact,
        password_hash=accounts.hash_password(password),
        name="",
        now=clock.now(),
    )
    visit.sign_in(account_id, role)
    return web.go(visit.home_of(role))


def _page(token: str, form: WelcomeForm, role: str, status: int = 200) -> Response:
    return make_response(render_template("admin/welcomes/new.html", form=form, token=token, role=role), status)
