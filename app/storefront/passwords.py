"""To change one's password: every session ends, and this one begins anew."""

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy import Connection

from app import accounts, audit, visit, web
from app.db import transaction
from app.display import settings
from app.errors import Refusal
from app.storefront.forms import PasswordForm

pages = Blueprint("passwords", __name__)


@pages.get("/me/password", endpoint="edit")
@login_required
def edit() -> str:
    return render_template("storefront/passwords/edit.html", form=PasswordForm(formdata=None))


@pages.post("/me/password", endpoint="update")
@login_required
def update() -> Response:
    form = PasswordForm()
    try:
        if form.validate_on_submit() and _change(form):
            return web.go(url_for("storefront.accounts.show"))
    except Refusal as refusal:
        if refusal.field not in form:
            raise
        form[refusal.field].errors = [refusal.text()]
    return make_response(render_template("storefront/passwords/edit.html", form=form), 422)


def _change(form: PasswordForm) -> bool:
    account_id, role = current_user.id, current_user.role
    if not visit.knows_password(form.current.data):
        form.current.errors = [_("This is not your present password.")]
        return False
    password = form.password.data or ""
    least = accounts.least_characters(role)
    accounts.check_password(password, least=least, own_words=(settings().name,))
    transaction(_replace, accounts.hash_password(password), visit.who())
    # The session that this was done in had passed the second step, if there is one.
    visit.sign_in(account_id, role, "password", passed=True)
    return True


def _replace(tx: Connection, password_hash: str, who: audit.Who) -> None:
    assert who.account_id is not None
    accounts.replace_password(tx, who.account_id, password_hash, who.at)
    audit.record(tx, who, "password.update", f"account:{who.account_id}", now={"by": "password"})
