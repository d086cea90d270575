"""The contacts of a person in the network: masked wherever they stand, shown whole to who asks, and that is written down."""

from flask import Blueprint, Response, abort

from app import accounts, audit
from app.admin.actors import who
from app.admin.nodes import node_or_404, render_node
from app.db import db, transaction

pages = Blueprint("node_contacts", __name__, url_prefix="/nodes/<pid>/contact")


@pages.post("", endpoint="create")
def create(pid: str) -> Response:
    """Show them, in this answer and nowhere else."""
    node = node_or_404(pid)
    if node.account_id is None:
        abort(404)
    transaction(audit.record, who(), "contact.reveal", f"node:{node.pid}")
    node = node_or_404(pid)
    return render_node(node, contacts=accounts.contacts_of(db.session, node.account_id))
