"""People who run the shop: who they are, a link for one more, and how to shut one out at once."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from sqlalchemy import Connection

from app import accounts, clock, web
from app.db import db, transaction

pages = Blueprint("people", __name__, url_prefix="/people")
INVITED = tuple(role for role in accounts.STAFF_ROLES if role != "owner")


@pages.get("", endpoint="index")
def index() -> Response:
    return _page()


@pages.post("", endpoint="create")
def create() -> Response:
    """A link for one more. It is shown in this answer and nowhere again."""
    role = request.form.get("role")
    if role not in INVITED:
        abort(422)
    token = transaction(accounts.issue_ticket, role, None, clock.now())
    link = str(current_app.config["SHOP"].public_url) + url_for("links.welcomes.new", token=token)
    return _page(link=link, invited=role)


@pages.post("/<int:account_id>", endpoint="update")
def update(account_id: int) -> Response:
    """Shut somebody out (`out` = 1), or let them in again."""
    if account_id not in {person.id for person in accounts.list_staff(db.session)}:
        abort(404)
    if request.form.get("out") == "1":
        transaction(_shut_out, account_id, clock.now())
    else:
        transaction(accounts.enable_staff, account_id)
    return web.go(url_for("admin.people.index"))


def _shut_out(tx: Connection, account_id: int, now: int) -> None:
    accounts.disable_account(tx, account_id, now)
    accounts.close_all_sessions(tx, account_id)


def _page(**shown: Any) -> Response:
    people = accounts.list_staff(db.session)
    contacts = accounts.masked_contacts(db.session, [person.id for person in people])
    owners = [person.id for person in people if person.role == "owner" and person.disabled_at is None]
    return make_response(
        render_template("admin/people/index.html", people=people, contacts=contacts, owners=owners, **shown)
    )
