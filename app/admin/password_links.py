"""A one-time link for a new password, for somebody who forgot theirs and gets no mail: an owner hands it over."""

from flask import Blueprint, Response, abort, current_app, url_for
from sqlalchemy import Connection

from app import accounts, audit
from app.admin.actors import who
from app.admin.nodes import node_or_404, render_node
from app.admin.people import person_or_404, render_person
from app.audit import Who
from app.db import transaction

pages = Blueprint("password_links", __name__)


@pages.post("/people/<int:account_id>/password", endpoint="create")
def create(account_id: int) -> Response:
    """For one of those who run the shop. It is shown in this answer and nowhere again."""
    if person_or_404(account_id).disabled_at is not None:
        abort(404)
    return render_person(account_id, link=_link(account_id))


@pages.post("/nodes/<pid>/password", endpoint="of_node")
def of_node(pid: str) -> Response:
    """For a distributor or a buyer who has an account."""
    account_id = node_or_404(pid).account_id
    if account_id is None:
        abort(404)
    link = _link(account_id)
    return render_node(node_or_404(pid), link=link)


def _link(account_id: int) -> str:
    token = transaction(_issue, account_id, who())
    return str(current_app.config["SHOP"].public_url) + url_for("links.passwords.edit", token=token)


def _issue(tx: Connection, account_id: int, who: Who) -> str:
    token = accounts.issue_ticket(tx, "password", account_id, who.at)
    audit.record(tx, who, "password_link.create", f"account:{account_id}")
    return token
