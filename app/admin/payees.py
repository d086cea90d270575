"""Where a payout goes, in clear: for whoever sends it, after they showed who they are. Every look is in the log."""

from flask import Blueprint, Response
from flask_login import current_user
from sqlalchemy import Connection

from app import clock, settlement
from app.admin.payouts import REVEALABLE, payout_or_404, render_payout
from app.db import AnyRow, transaction
from app.noting import Line, noted

pages = Blueprint("payees", __name__, url_prefix="/payouts/<number>/payee")


@pages.post("", endpoint="show")
def show(number: str) -> Response:
    payout = payout_or_404(number)
    if payout.state not in REVEALABLE:
        return render_payout(payout, status=422)
    actor = f"account:{current_user.id}"
    transaction(noted(Line("payee.reveal", f"payout:{number}"), _note), payout, actor, clock.now())
    return render_payout(payout_or_404(number), is_revealed=True)


def _note(tx: Connection, payout: AnyRow, actor: str, now: int) -> None:
    # The payout's own history says it once a person; the log says it each time.
    events = settlement.events_of(tx, payout.id)
    if not any(event.actor == actor and event.reason == settlement.PAYEE_SHOWN for event in events):
        settlement.note_event(tx, payout.id, payout.state, actor, settlement.PAYEE_SHOWN, now)
