"""The role of somebody who runs the shop: another one, and with it a log-in anew."""

from flask import Blueprint, Response, abort, request, url_for
from sqlalchemy import Connection

from app import accounts, audit, web
from app.admin.actors import who
from app.admin.people import person_or_404
from app.audit import Who
from app.db import transaction

pages = Blueprint("roles", __name__, url_prefix="/people/<int:account_id>/role")


@pages.post("", endpoint="update")
def update(account_id: int) -> Response:
    person = person_or_404(account_id)
    role = request.form.get("role", "")
    if role not in accounts.STAFF_ROLES:
        abort(422)
    transaction(_change, account_id, person.role, role, who())
    return web.go(url_for("admin.people.show", account_id=account_id))


def _change(tx: Connection, account_id: int, was: str, role: str, who: Who) -> None:
    if accounts.change_role(tx, account_id, role, who.at):
        audit.record(tx, who, "role.update", f"account:{account_id}", was={"role": was}, now={"role": role})
