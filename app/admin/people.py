"""People who run the shop: who they are, a link for one more, and how to shut one out at once."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from sqlalchemy import Connection

from app import accounts, audit, clock, web
from app.admin import actors
from app.admin.actors import who
from app.admin.audit_labels import ROLES
from app.audit import Who
from app.db import AnyRow, db, transaction

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.get("", endpoint="index")
def index() -> Response:
    return _page()


@pages.post("", endpoint="create")
def create() -> Response:
    """A link for one more. It is shown in this answer and nowhere again."""
    role = request.form.get("role")
    if role not in accounts.STAFF_ROLES:
        abort(422)
    token = transaction(_invite, role, who())
    link = str(current_app.config["SHOP"].public_url) + url_for("links.welcomes.new", token=token)
    return _page(link=link, invited=role)


@pages.get("/<int:account_id>", endpoint="show")
def show(account_id: int) -> Response:
    return render_person(account_id)


def render_person(account_id: int, link: str = "") -> Response:
    """The page of somebody who runs the shop, with the `link` for a new password that was asked for."""
    person = person_or_404(account_id)
    page = render_template(
        "admin/people/show.html",
        person=person,
        link=link,
        name=actors.names([f"account:{account_id}"])[f"account:{account_id}"],
        sessions=len(accounts.living_sessions(db.session, account_id, person.role, clock.now())),
        is_guarded=accounts.has_second_factor(db.session, account_id),
        is_last=_owners() == [account_id],
        roles=ROLES,
    )
    return make_response(page)


@pages.post("/<int:account_id>", endpoint="update")
def update(account_id: int) -> Response:
    """Shut somebody out (`out` = 1), or let them in again."""
    person_or_404(account_id)
    transaction(_shut_out if request.form.get("out") == "1" else _let_in, account_id, who())
    return web.go(url_for("admin.people.show", account_id=account_id))


def person_or_404(account_id: int) -> AnyRow:
    """Somebody who runs the shop."""
    found = next((one for one in accounts.list_staff(db.session) if one.id == account_id), None)
    return found or abort(404)


def _owners() -> list[int]:
    return [one.id for one in accounts.list_staff(db.session) if one.role == "owner" and one.disabled_at is None]


def _invite(tx: Connection, role: str, who: Who) -> str:
    token = accounts.issue_ticket(tx, accounts.invitation(role), None, who.at)
    audit.record(tx, who, "invitation.create", f"role:{role}")
    return token


def _shut_out(tx: Connection, account_id: int, who: Who) -> None:
    if accounts.disable_account(tx, account_id, who.at):
        audit.record(tx, who, "account.disable", f"account:{account_id}")


def _let_in(tx: Connection, account_id: int, who: Who) -> None:
    if accounts.enable_staff(tx, account_id):
        audit.record(tx, who, "account.enable", f"account:{account_id}")


def _page(**shown: Any) -> Response:
    people = accounts.list_staff(db.session)
    numbers = [person.id for person in people]
    page = render_template(
        "admin/people/index.html",
        people=people,
        names=actors.names(f"account:{number}" for number in numbers),
        guarded=accounts.guarded_accounts(db.session, numbers),
        roles=ROLES,
        **shown,
    )
    return make_response(page)
