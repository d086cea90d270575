"""The shop's first page ever: whoever holds the console's one-time link becomes its owner. Afterwards it is gone."""

from flask import Blueprint, Response, abort, make_response, render_template, url_for

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


def _admit(token: str) -> None:
    if accounts.owner_exists(db.session.connection()):
        abort(404)
    admit(token, "owner")


@pages.get("", endpoint="new")
def new(token: str) -> Response:
    _admit(token)
    remember_opened(token)
    return _page(token, WelcomeForm(formdata=None))


@pages.post("", endpoint="create")
def create(token: str) -> Response:
    _admit(token)
    form = WelcomeForm()
    refuse_unopened(token, form)
    if form.validate_on_submit():
        try:
            return _register(token, form.contact.data, form.password.data)
        except Refusal as refusal:
            put_beside(form, refusal)
    transaction(accounts.count_try, token, clock.now())
    return _page(token, form, 422)


def _register(token: str, text: str, password: str) -> Response:
    contact = accounts.read_contact(text)
    own_words = (contact.value, contact.value.partition("@")[0], settings().name)
    accounts.check_password(password, least=accounts.LEAST_CHARACTERS_OWNER, own_words=own_words)
    account_id = transaction(
        trade.register_owner,
        token=token,
        contact=contact,
        password_hash=accounts.hash_password(password),
        name="",
        now=clock.now(),
    )
    visit.sign_in(account_id, "owner")
    return web.go(url_for("admin.home.index"))


def _page(token: str, form: WelcomeForm, status: int = 200) -> Response:
    return make_response(render_template("admin/welcomes/new.html", form=form, token=token), status)
