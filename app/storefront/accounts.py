"""A buyer's own account: to register, and to see it at `/me`."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user

from app import accounts, clock, throttle, trade, visit, web
from app.cookies import device_hash, read_cookie
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.storefront.forms import RegistrationForm

pages = Blueprint("accounts", __name__)
REGISTER_LIMIT = "5/hour"


@pages.get("/register", endpoint="new")
def new() -> Response:
    if current_user.is_authenticated:
        return web.go(url_for("storefront.accounts.show"))
    form = RegistrationForm(formdata=None, next=request.args.get("next", ""))
    return make_response(render_template("storefront/accounts/new.html", form=form))


@pages.post("/register", endpoint="create")
def create() -> Response:
    form = RegistrationForm()
    try:
        if form.validate_on_submit():
            return _register(form)
    except Refusal as refusal:
        if refusal.field not in form:
            raise
        form[refusal.field].errors = [refusal.text()]
    return make_response(render_template("storefront/accounts/new.html", form=form), 422)


def _register(form: RegistrationForm) -> Response:
    contact = accounts.read_contact(form.contact.data or "")
    password = form.password.data or ""
    accounts.check_password(password, own_words=(contact.value, contact.value.partition("@")[0], settings().name))
    throttle.spend(REGISTER_LIMIT, "register", throttle.address())
    account_id = transaction(
        trade.register,
        contact=contact,
        password_hash=accounts.hash_password(password),
        invite_cookie=read_cookie("inv"),
        device_hash=device_hash(),
        trace=visit.trace(),
        settings=settings(),
        now=clock.now(),
    )
    visit.sign_in(account_id, "buyer", "registration")
    return web.go(web.safe_next(form.next.data, url_for("storefront.accounts.show")))


@pages.get("/me", endpoint="show")
def show() -> str:
    contacts = accounts.contacts_of(db.session, current_user.id) if current_user.is_authenticated else []
    return render_template("storefront/accounts/show.html", contacts=contacts)
