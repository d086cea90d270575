"""The app on one's phone as a second factor: set up by a QR code, confirmed by the first code, taken off again."""

import segno
from flask import Blueprint, Response, abort, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user, login_required
from markupsafe import Markup
from sqlalchemy import Connection
from wtforms import StringField
from wtforms.validators import Length

from app import accounts, audit, clock, throttle, visit, web
from app.db import db, transaction
from app.display import settings
from app.fields import Form
from app.storefront import proofs
from app.storefront.forms import NEEDED
from app.storefront.recovery_codes import show_codes

pages = Blueprint("authenticators", __name__, url_prefix="/me/authenticator")
pages.before_request(login_required(proofs.ask))


class CodeForm(Form):
    code = StringField(lazy_gettext("Code from your app"), validators=[NEEDED, Length(max=20)])


@pages.post("", endpoint="create")
def create() -> Response:
    """Draw a seed, and go on to the page that shows it."""
    transaction(accounts.offer_seed, current_user.id)
    return web.go(url_for("storefront.authenticators.edit"))


@pages.get("", endpoint="edit")
def edit() -> Response:
    return _page(CodeForm(formdata=None))


@pages.post("/confirmation", endpoint="update")
def update() -> Response:
    """The first code: from now on the app is asked for. The recovery codes are in this answer and nowhere again."""
    form = CodeForm()
    if form.validate_on_submit():
        throttle.spend(visit.CODE_LIMIT, "new second factor", str(current_user.id))
        codes = transaction(_confirm, form.code.data or "", visit.who())
        if codes is not None:
            # Whoever was logged in with the password alone is so no longer; this browser goes on in a session of its own.
            visit.sign_in(current_user.id, current_user.role, "code", passed=True)
            return show_codes(codes)
        form.code.errors = [_("This is not the code of this moment. Please look whether your phone’s clock is right.")]
    return _page(form, 422)


@pages.post("/removal", endpoint="destroy")
def destroy() -> Response:
    transaction(_drop, visit.who())
    return web.go(url_for("storefront.security.show"))


def _confirm(tx: Connection, code: str, who: audit.Who) -> list[str] | None:
    assert who.account_id is not None
    if not accounts.confirm_seed(tx, who.account_id, code, clock.now()):
        return None
    codes = accounts.draw_recovery_codes(tx, who.account_id)
    accounts.close_all_sessions(tx, who.account_id)
    audit.record(tx, who, "factor.create", f"account:{who.account_id}", now={"kind": "app"})
    return codes


def _drop(tx: Connection, who: audit.Who) -> None:
    assert who.account_id is not None
    if accounts.drop_app(tx, who.account_id):
        audit.record(tx, who, "factor.destroy", f"account:{who.account_id}", was={"kind": "app"})


def _page(form: CodeForm, status: int = 200) -> Response:
    seed = accounts.offered_seed(db.session, current_user.id)
    if seed is None:
        abort(404)
    name = next(iter(accounts.contacts_of(db.session, current_user.id)), settings().name)
    address = accounts.setup_address(seed, name, settings().name)
    page = render_template(
        "storefront/authenticators/edit.html",
        form=form,
        seed=" ".join(seed[start : start + 4] for start in range(0, len(seed), 4)),
        address=address,
        # segno writes plain attributes: no inline style, which the content security policy would refuse.
        qr_svg=Markup(segno.make(address, error="m").svg_inline(border=2, omitsize=True)),  # noqa: S704
    )
    return make_response(page, status)
