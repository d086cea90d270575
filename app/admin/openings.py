"""The first page behind the owner's one-time link: what the shop is called and how it looks. The account comes after it.

What is written here is kept at once, so that the same link, or a later one, goes on where somebody stopped.
"""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection

from app import accounts, hearing, web
from app.admin.actors import who
from app.admin.forms import line, put_beside
from app.admin.links import admit_owner, keep_secret, refuse_unopened, remember_opened
from app.admin.logos import logo_field, put_up, read_logo
from app.admin.look_form import SWATCHES, LookForm
from app.admin.setting_form import keep
from app.admin.tongues import languages_field
from app.audit import Who
from app.db import take_turns, transaction
from app.display import settings
from app.errors import Refusal
from app.extensions import csrf

pages = Blueprint("openings", __name__, url_prefix="/welcome/<token>/shop")
csrf.exempt(pages)
pages.before_request(keep_secret)
pages.url_value_preprocessor(hearing.make_room)


class OpeningForm(LookForm):
    name = line(lazy_gettext("Name of the shop"), 40, needed=True)
    support_contact = line(lazy_gettext("How buyers reach you"), 120)
    languages = languages_field()
    picture = logo_field()

    def changes(self, accent: str) -> dict[str, Any]:
        """setting -> value. `accent` is the one that was there. Raises Refusal beside `own` for one that is not read."""
        return {
            "name": self.name.data,
            "support_contact": self.support_contact.data,
            "languages": self.languages.data.split(","),
            "accent": self.chosen(accent),
            "described": True,
        }


@pages.get("", endpoint="edit")
def edit(token: str) -> Response:
    admit_owner(token)
    remember_opened(token)
    present = settings()
    # Nobody's shop is called what the software calls it.
    name = present.name if present.described else ""
    told = {"name": name, "support_contact": present.support_contact, "languages": ",".join(present.languages)}
    form = OpeningForm(formdata=None, data=told)
    form.show(present.accent)
    return _page(token, form)


@pages.post("", endpoint="update")
def update(token: str) -> Response:
    admit_owner(token)
    form = OpeningForm()
    refuse_unopened(token, form)
    if form.validate_on_submit():
        try:
            transaction(_describe, token, form.changes(settings().accent), read_logo(), who())
            return web.go(url_for("links.welcomes.new", token=token))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(token, form, 422)


def _describe(tx: Connection, token: str, changes: dict[str, Any], logo: bytes | None, who: Who) -> None:
    # Once somebody owns the shop, its settings are theirs to change.
    take_turns(tx, accounts.FIRST_OWNER)
    if accounts.owner_exists(tx) or accounts.look_at_ticket(tx, token, who.at).purpose != "owner":
        raise accounts.BadTicket
    keep(tx, "opening", changes, who)
    if logo:
        put_up(tx, logo, who)


def _page(token: str, form: OpeningForm, status: int = 200) -> Response:
    page = render_template("admin/openings/edit.html", form=form, token=token, swatches=SWATCHES)
    return make_response(page, status)
