"""Buyers who say that they paid: the merchant looks into the account, and says whether the money came."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for
from flask_babel import lazy_gettext
from flask_login import current_user
from wtforms import HiddenField

from app import clock, orders, payments, throttle, trade, web
from app.admin import actors, labels
from app.admin.forms import line, put_beside
from app.cursor import read_cursor, write_cursor
from app.db import db, transaction
from app.display import settings
from app.errors import N_, Refusal
from app.fields import Form
from app.noting import Line, noted
from app.payments import Verdict

pages = Blueprint("payment_claims", __name__, url_prefix="/payment-claims")
STATES = {"waiting": lazy_gettext("Waiting"), "settled": lazy_gettext("Settled")}


class ClaimStepForm(Form):
    """What the merchant found: money came under a number (`came`), or it did not, and why (`missing`)."""

    act = HiddenField()
    reference = line(lazy_gettext("Number of the transfer"), 64)
    reason = line(lazy_gettext("What the buyer is told"), 200)


@pages.get("", endpoint="index")
def index() -> Response:
    return _page()


@pages.post("/<int:claim_id>", endpoint="update")
def update(claim_id: int) -> Response:
    form = ClaimStepForm()
    if payments.find_claim(db.session, claim_id) is None or form.act.data not in ("came", "missing"):
        abort(404)
    if form.validate_on_submit():
        try:
            verdict = _settle(claim_id, form)
            return web.go(url_for("admin.payment_claims.index", done=verdict))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(claim_id, form, 422)


def _settle(claim_id: int, form: ClaimStepForm) -> str:
    who: dict[str, Any] = {"actor": f"account:{current_user.id}", "now": clock.now()}
    field = form.reference if form.act.data == "came" else form.reason
    if not field.data:
        raise Refusal(N_("Please fill this in."), field=field.name)
    if form.act.data == "missing":
        order_seconds = settings().order_minutes * clock.MINUTE
        said = Line("payment_claim.refuse", f"claim:{claim_id}", reason=field.data)
        transaction(noted(said, trade.refuse_vouched), claim_id, reason=field.data, order_seconds=order_seconds, **who)
        return "missing"
    told = {"address": throttle.address(), "request_id": g.request_id}
    said = Line("payment_claim.confirm", f"claim:{claim_id}", now={"reference": field.data})
    return str(transaction(noted(said, trade.confirm_vouched), claim_id, reference=field.data, **told, **who))


def _page(claim_id: int | None = None, form: ClaimStepForm | None = None, status: int = 200) -> Response:
    """The list; `form` is the one of `claim_id` that was refused."""
    waiting = request.args.get("state") != "settled"
    found, last_id = payments.list_claims(db.session, waiting=waiting, before=read_cursor("admin.payment_claims"))
    if claim_id is not None and claim_id not in {claim["id"] for claim in found}:
        refused = payments.find_claim(db.session, claim_id)
        found = [*([refused] if refused else []), *found]
    known = orders.orders_by_id(db.session, [claim["order_id"] for claim in found])
    done = request.args.get("done")
    page = web.page_or_partial(
        "admin/payment_claims/index.html",
        "admin/payment_claims/_rows.html",
        claims=found,
        orders=known,
        actors=actors.names(claim["settled_by"] for claim in found if claim["settled_by"]),
        labels=labels,
        forms={claim_id: form} if form else {},
        empty_form=ClaimStepForm(formdata=None),
        states=STATES,
        state="waiting" if waiting else "settled",
        done=done if done in (*Verdict, "missing") else None,
        following=write_cursor("admin.payment_claims", last_id),
    )
    page.status_code = status
    return page
