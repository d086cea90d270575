"""A password that was forgotten: whoever goes by the contact gets a link by mail. The answer is the same for everybody."""

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import get_locale, lazy_gettext
from wtforms import StringField
from wtforms.validators import Length

from app import accounts, clock, outbox, throttle, trade, web
from app.db import db, transaction
from app.fields import Form, attach
from app.storefront.forms import NEEDED

pages = Blueprint("resets", __name__, url_prefix="/login/forgotten")
ADDRESS_LIMIT = "10/hour"
CONTACT_LIMIT = "3/hour"


class ResetForm(Form):
    contact = StringField(lazy_gettext("E-mail or phone"), validators=[NEEDED, Length(max=254)])


@pages.get("", endpoint="new")
def new() -> Response:
    return _page(ResetForm(formdata=None))


@pages.post("", endpoint="create")
def create() -> Response:
    form = ResetForm()
    if form.validate_on_submit() and outbox.mail_outlet(db.session):
        try:
            contact = accounts.read_contact(form.contact.data or "")
            throttle.spend(ADDRESS_LIMIT, "reset", throttle.address())
            throttle.spend(CONTACT_LIMIT, "reset of", contact.index.hex())
            transaction(trade.want_recovery, contact, str(get_locale()), clock.now())
            return web.go(url_for("storefront.resets.show"))
        except accounts.BadContact as refusal:
            attach(form, refusal.field, refusal.text(), form.contact)
    return _page(form, 422)


@pages.get("/sent", endpoint="show")
def show() -> str:
    return render_template("storefront/resets/show.html")


def _page(form: ResetForm, status: int = 200) -> Response:
    has_mail = outbox.mail_outlet(db.session) is not None
    return make_response(render_template("storefront/resets/new.html", form=form, has_mail=has_mail), status)
