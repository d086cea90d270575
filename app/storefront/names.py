"""What somebody who works for the shop is called before colleagues: next to every act of theirs."""

from flask import Blueprint, Response, abort, make_response, render_template, url_for
from flask_babel import lazy_gettext
from flask_login import current_user, login_required
from sqlalchemy import Connection
from wtforms import StringField
from wtforms.validators import Length

from app import accounts, audit, visit, web
from app.db import transaction
from app.fields import Form

pages = Blueprint("names", __name__, url_prefix="/me/name")


def _plain(text: str | None) -> str:
    return " ".join("".join(filter(lambda one: one.isprintable(), text or "")).split())


class NameForm(Form):
    name = StringField(
        lazy_gettext("Your name"), filters=[_plain], validators=[Length(max=40)], render_kw={"maxlength": 40}
    )


@pages.get("", endpoint="edit")
@login_required
def edit() -> Response:
    return _page(NameForm(formdata=None, data={"name": current_user.name}))


@pages.post("", endpoint="update")
@login_required
def update() -> Response:
    form = NameForm()
    if current_user.role not in accounts.STAFF_ROLES:
        abort(404)
    if form.validate_on_submit():
        transaction(_rename, current_user.name, form.name.data or "", visit.who())
        return web.go(url_for("storefront.accounts.show"))
    return _page(form, 422)


def _rename(tx: Connection, was: str, name: str, who: audit.Who) -> None:
    assert who.account_id is not None
    accounts.rename(tx, who.account_id, name)
    if was != name:
        audit.record(tx, who, "account.update", f"account:{who.account_id}", was={"name": was}, now={"name": name})


def _page(form: NameForm, status: int = 200) -> Response:
    if current_user.role not in accounts.STAFF_ROLES:
        abort(404)
    return make_response(render_template("storefront/names/edit.html", form=form), status)
