"""Log-in and log-out."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import accounts, arrival, guesses, throttle, visit, web
from app.db import db
from app.display import settings
from app.errors import Refusal
from app.storefront.forms import LoginForm

pages = Blueprint("sessions", __name__)
ADDRESS_LIMIT = "10/5 minutes"
# How many, the merchant says.
ACCOUNT_LIMIT = "{}/15 minutes"


@pages.get("/login", endpoint="new")
def new() -> Response:
    if current_user.is_authenticated:
        return web.go(web.safe_next(request.args.get("next"), url_for("storefront.accounts.show")))
    form = LoginForm(formdata=None, next=request.args.get("next", ""))
    return make_response(render_template("storefront/sessions/new.html", form=form))


@pages.post("/login", endpoint="create")
def create() -> Response:
    form = LoginForm()
    if form.validate_on_submit():
        found = _check(form.contact.data or "", form.password.data or "")
        if found:
            return arrival.arrive(found, "password", form.next.data)
        form.password.errors = [_("Contact and password do not belong together.")]
    return make_response(render_template("storefront/sessions/new.html", form=form), 422)


def _check(text: str, password: str) -> int | None:
    """The account's id if the password is right. Each failure counts, for the address and for the account."""
    try:
        contact = accounts.read_contact(text)
    except Refusal:
        contact = None
    account_limit = ACCOUNT_LIMIT.format(settings().login_tries)
    account_key = ("login of", contact.index.hex() if contact else "nobody")
    throttle.check(ADDRESS_LIMIT, "login", throttle.address())
    throttle.check(account_limit, *account_key)
    found = accounts.account_by_contact(db.session, contact) if contact else None
    # The same work with and without an account, so that time tells nothing.
    if accounts.verify_password(found[1] if found else None, password) and found:
        throttle.forgive(account_limit, *account_key)
        return found[0]
    throttle.within(ADDRESS_LIMIT, "login", throttle.address())
    throttle.within(account_limit, *account_key)
    account_id, _hash, role = found or (None, "", None)
    guesses.note(account_limit, account_key, account_id=account_id, role=role, act="session.refuse")
    return None


@pages.post("/logout", endpoint="destroy")
def destroy() -> Response:
    visit.sign_out()
    return web.go(url_for("storefront.products.index"))
