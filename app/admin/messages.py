"""Messages: every letter that left the shop or wants to, with what became of it."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext

from app import clock, outbox, web
from app.admin.search import asked_order
from app.cursor import read_cursor, write_cursor
from app.db import db, transaction
from app.noting import Line, noted

pages = Blueprint("messages", __name__, url_prefix="/messages")
STATES = {
    "": lazy_gettext("All"),
    "pending": lazy_gettext("Still to be sent"),
    "sent": lazy_gettext("Sent"),
    "failed": lazy_gettext("Sending failed"),
    "dropped": lazy_gettext("Left out"),
}
AUDIENCES = {
    "merchant": lazy_gettext("you"),
    "buyer": lazy_gettext("the buyer"),
    "distributor": lazy_gettext("a distributor"),
    "account": lazy_gettext("the holder of an account"),
}
EVENTS = {
    "order.paid": lazy_gettext("Order paid"),
    "order.delivered": lazy_gettext("Goods handed over"),
    "order.refunded": lazy_gettext("Refund sent"),
    "dispute.opened": lazy_gettext("Dispute opened"),
    "commission.held": lazy_gettext("Commission earned"),
    "commission.released": lazy_gettext("Commission released"),
    "payout.paid": lazy_gettext("Payout sent"),
    "payout.requested": lazy_gettext("Payout requested"),
    "compliance.alert": lazy_gettext("Alert of the compliance report"),
    "payment.claimed": lazy_gettext("Buyer says: paid"),
    "payment.unmatched": lazy_gettext("Money that fits no order"),
    "stock.low": lazy_gettext("Few codes left"),
    "backup.late": lazy_gettext("No good backup"),
    "card.replaced": lazy_gettext("Code replaced"),
    "message.failed": lazy_gettext("Message not sent"),
    "login.failed": lazy_gettext("Wrong log-ins"),
    "password.forgotten": lazy_gettext("Password forgotten"),
}


@pages.get("", endpoint="index")
def index() -> Response:
    """The newest first, a page at a time."""
    state = asked_state()
    number, order_id = asked_order()
    letters, last_id = outbox.list_letters(
        db.session, state=state or None, order_id=order_id, before=read_cursor("admin.messages")
    )
    page = render_template(
        "admin/messages/index.html",
        letters=letters,
        outlets={way.id: way for way in outbox.list_outlets(db.session)},
        state=state,
        number=number,
        states=STATES,
        audiences=AUDIENCES,
        events=EVENTS,
        following=write_cursor("admin.messages", last_id),
    )
    return make_response(page)


def asked_state() -> str:
    """The state that the list is narrowed to."""
    state = request.args.get("state", "")
    return state if state in STATES else ""


@pages.post("/<number>/retries", endpoint="retry")
def retry(number: str) -> Response:
    """Send a letter that failed once more; the worker does it within seconds."""
    letter = outbox.find_letter(db.session, number)
    if letter is None:
        abort(404)
    transaction(noted(Line("message.retry", f"message:{number}"), outbox.send_again), letter.id, clock.now())
    return web.go(url_for("admin.messages.index", state="pending"))
