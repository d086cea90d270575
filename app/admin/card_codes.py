"""One code in full: for whoever shows again who they are. Every look is in the log."""

from flask import Blueprint, Response, make_response

from app import audit, stock
from app.admin.actors import who
from app.admin.cards import ONE, card_or_404, render_card
from app.db import transaction

pages = Blueprint("card_codes", __name__, url_prefix=f"/cards{ONE}/code")


@pages.post("", endpoint="create")
def create(card_id: int) -> Response:
    """Show it, in this answer and nowhere else."""
    card_or_404(card_id)
    transaction(audit.record, who(), "card.reveal", f"card:{card_id}")
    card = card_or_404(card_id)
    return make_response(render_card(card, stock.open_code(card)))
