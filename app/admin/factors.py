"""Somebody's second factor, taken off their account because phone and recovery codes are gone."""

from flask import Blueprint, Response, url_for
from sqlalchemy import Connection

from app import accounts, audit, web
from app.admin.actors import who
from app.admin.people import person_or_404
from app.audit import Who
from app.db import transaction

pages = Blueprint("factors", __name__, url_prefix="/people/<int:account_id>/factor")


@pages.post("/removal", endpoint="destroy")
def destroy(account_id: int) -> Response:
    """The password alone lets them in afterwards; every session of theirs ends."""
    person_or_404(account_id)
    transaction(_drop, account_id, who())
    return web.go(url_for("admin.people.show", account_id=account_id))


def _drop(tx: Connection, account_id: int, who: Who) -> None:
    if accounts.has_second_factor(tx, account_id):
        accounts.drop_second_factor(tx, account_id)
        accounts.close_all_sessions(tx, account_id)
        audit.record(tx, who, "factor.destroy", f"account:{account_id}", reason="by an owner")
