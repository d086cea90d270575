"""Passkeys as a second factor: added with a name, used beside the app or without one, removed."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user, login_required
from sqlalchemy import Connection
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from app import accounts, audit, clock, passkeys, throttle, visit, web
from app.accounts import Site
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.fields import Form, attach
from app.storefront import proofs
from app.storefront.agents import in_words
from app.storefront.forms import NEEDED
from app.storefront.recovery_codes import show_codes

pages = Blueprint("passkeys", __name__, url_prefix="/me/passkeys")
pages.before_request(login_required(proofs.ask))
LIMIT = "20/hour"


class PasskeyForm(Form):
    """The answer is what the browser says of the key that it made."""

    name = StringField(lazy_gettext("Name"), validators=[NEEDED, Length(max=40)])
    answer = HiddenField(validators=[Length(max=passkeys.MOST_CHARACTERS)])


@pages.get("/new", endpoint="new")
def new() -> Response:
    return _page(PasskeyForm(formdata=None, name=in_words(request.user_agent.string)[:40]))


@pages.post("/challenge", endpoint="draw")
def draw() -> Response:
    """What the browser needs to make a key."""
    throttle.spend(LIMIT, "new passkey", str(current_user.id))
    label = next(iter(accounts.contacts_of(db.session, current_user.id)), settings().name)
    asked = (current_user.id, current_user.get_id(), passkeys.site_or_refuse(), label, clock.now())
    return passkeys.drawn(transaction(accounts.draw_new_key, *asked))


@pages.post("", endpoint="create")
def create() -> Response:
    """Let the key serve. Where it is the first second factor, the recovery codes are in this answer and nowhere again."""
    form = PasskeyForm()
    if form.validate_on_submit():
        try:
            added = (current_user.get_id(), passkeys.site_or_refuse(), form.name.data, form.answer.data or "")
            codes = transaction(_add, *added, visit.who())
        except Refusal as refusal:
            attach(form, refusal.field, refusal.text(), form.name)
            return _page(form, 422)
        if codes:
            # Whoever was logged in with the password alone is so no longer; this browser goes on in a session of its own.
            visit.sign_in(current_user.id, current_user.role, "passkey", passed=True)
            return show_codes(codes)
        if codes is not None:
            return web.go(url_for("storefront.security.show"))
        form.name.errors = [
            _("The passkey was not made. Please try once more; the device asks for finger, face or PIN.")
        ]
    return _page(form, 422)


@pages.post("/<int:passkey_id>/removal", endpoint="destroy")
def destroy(passkey_id: int) -> Response:
    if passkey_id > 2**62 or not transaction(_drop, passkey_id, visit.who()):
        abort(404)
    return web.go(url_for("storefront.security.show"))


def _add(tx: Connection, holder: str, site: Site, name: str, answer: str, who: audit.Who) -> list[str] | None:
    """The recovery codes, where there were none before. None when the answer is not a good one."""
    assert who.account_id is not None
    was_guarded = accounts.has_second_factor(tx, who.account_id)
    if accounts.take_new_key(tx, who.account_id, holder, site, name, answer, who.at) is None:
        return None
    audit.record(tx, who, "passkey.create", f"account:{who.account_id}", now={"name": name})
    if was_guarded:
        return []
    accounts.close_all_sessions(tx, who.account_id)
    return accounts.draw_recovery_codes(tx, who.account_id)


def _drop(tx: Connection, passkey_id: int, who: audit.Who) -> bool:
    assert who.account_id is not None
    name = accounts.drop_passkey(tx, who.account_id, passkey_id)
    if name is None:
        return False
    audit.record(tx, who, "passkey.destroy", f"account:{who.account_id}", was={"name": name})
    return True


def _page(form: PasskeyForm, status: int = 200) -> Response:
    page = render_template("storefront/passkeys/new.html", form=form, is_possible=passkeys.site() is not None)
    return make_response(page, status)
