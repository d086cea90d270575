"""The contact of an order: masked wherever it stands, shown whole to who asks for it, and that is written down."""

from flask import Blueprint, Response, make_response

from app import audit
from app.admin.actors import who
from app.admin.orders import order_or_404, render_order
from app.db import transaction

pages = Blueprint("order_contacts", __name__, url_prefix="/orders/<number>/contact")


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    """Show it, in this answer and nowhere else."""
    order_or_404(number)
    transaction(audit.record, who(), "contact.reveal", f"order:{number}")
    order = order_or_404(number)
    return make_response(render_order(order, contact=order.contact))
