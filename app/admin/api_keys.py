"""Keys for programs: made with what they are good for, shown once, revoked at once."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, url_for
from flask_babel import lazy_gettext
from flask_login import current_user
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from app import accounts, clock, web
from app.accounts import SCOPES
from app.admin.forms import NEEDED, put_beside
from app.db import db, transaction
from app.errors import Refusal
from app.fields import Form
from app.noting import Line, noted

pages = Blueprint("api_keys", __name__, url_prefix="/api_keys")
LABELS = {scope: lazy_gettext(words) for scope, words in SCOPES.items()}


class ApiKeyForm(Form):
    """A box for each of SCOPES, its dot an underline."""

    name = StringField(lazy_gettext("Name"), validators=[NEEDED, Length(max=40)])
    orders_read = BooleanField(LABELS["orders.read"])
    stock_read = BooleanField(LABELS["stock.read"])
    stock_import = BooleanField(LABELS["stock.import"])

    @property
    def scopes(self) -> list[str]:
        return [scope for scope in SCOPES if self[scope.replace(".", "_")].data]


@pages.get("", endpoint="index")
def index() -> Response:
    return _page(ApiKeyForm(formdata=None))


@pages.post("", endpoint="create")
def create() -> Response:
    """The key is in this answer and nowhere again."""
    form = ApiKeyForm()
    if form.validate_on_submit():
        told = {"name": form.name.data, "scopes": " ".join(form.scopes)}
        said = Line("api_key.create", lambda made: f"api_key:{made[0]}", now=told)
        try:
            made = (current_user.id, form.name.data, form.scopes, clock.now())
            _id, key = transaction(noted(said, accounts.make_api_key), *made)
            return _page(ApiKeyForm(formdata=None), key=key)
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(form, 422)


@pages.post("/<int:key_id>/revocation", endpoint="destroy")
def destroy(key_id: int) -> Response:
    said = Line("api_key.destroy", f"api_key:{key_id}")
    if key_id > 2**62 or not transaction(noted(said, accounts.revoke_api_key), key_id, clock.now()):
        abort(404)
    return web.go(url_for("admin.api_keys.index"))


def _page(form: ApiKeyForm, status: int = 200, **shown: Any) -> Response:
    keys = accounts.list_api_keys(db.session)
    page = render_template("admin/api_keys/index.html", form=form, keys=keys, scopes=LABELS, **shown)
    return make_response(page, status)
