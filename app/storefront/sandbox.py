"""The page of the test gateway: it stands where a real provider's page would stand, and says so loudly."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from app import clock, payments, throttle, trade, vault, web
from app.db import db
from app.display import settings
from app.money import parse_fen

pages = Blueprint("sandbox", __name__)


def _open(query: str) -> tuple[payments.Account, dict[str, str]]:
    """The test channel and the form that it was started with; 404 in a live shop and for forms that are not ours."""
    if settings().is_live:
        abort(404)
    for channel in payments.list_offered(db.session, live=False):
        form = payments.read_form(channel.settings, query) if channel.gateway.is_test else None
        if form is not None:
            return channel, dict(form)
    raise NotFound


@pages.get("/sandbox/payments", endpoint="show")
def show() -> str:
    query = request.query_string.decode("ascii", "replace")
    _, form = _open(query)
    return render_template(
        "storefront/sandbox/show.html", amount_fen=parse_fen(form["money"]), name=form["name"], query=query
    )


@pages.post("/sandbox/payments", endpoint="create")
def create() -> Response:
    """Do as a provider does: tell the shop by a signed notice, then send the buyer back with the same data."""
    channel, form = _open(request.form.get("query", ""))
    back = web.safe_next(urlsplit(form["return_url"]).path, url_for("storefront.products.index"))
    action = request.form.get("action")
    if action not in ("pay", "refund", "refund_first"):
        # Whoever did not pay has nothing to wait for: back to the page that offers to pay.
        return make_response(redirect(back.removesuffix("/return"), code=303))
    told = {"payment_number": form["out_trade_no"], "trade_number": f"T{vault.code(20)}"}
    told |= {"method": form["type"], "money": form["money"]}
    paid = payments.sign_notice(channel.settings, **told)
    notices = [paid]
    if action != "pay":
        refund = {"refund_number": f"R{vault.code(20)}", "refund_money": form["money"]}
        notices.append(payments.sign_refund_notice(channel.settings, **told, **refund))
    for signed in reversed(notices) if action == "refund_first" else notices:
        notice = payments.Notice("callback", "GET", "", signed.encode(), b"", throttle.address(), g.request_id)
        trade.receive(channel, notice, clock.now())
    return make_response(redirect(f"{back}?{paid}", code=303))
