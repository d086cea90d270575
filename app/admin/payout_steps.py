"""The steps of a payout, each a noun that is created once: approval, rejection, processing, transfer, payment, failure, retry, return."""

from typing import Any

from flask import Blueprint, Response, url_for
from flask_login import current_user
from sqlalchemy import Connection

from app import clock, settlement, trade, web
from app.admin.forms import put_beside
from app.admin.payout_forms import StepForm
from app.admin.payouts import payout_or_404, render_payout
from app.db import transaction
from app.display import settings
from app.errors import Refusal
from app.noting import Line, noted
from app.shop import Settings

STEPS = ("approval", "rejection", "processing", "transfer", "payment", "failure", "retry", "return")
pages = Blueprint("payout_steps", __name__, url_prefix="/payouts/<number>")


@pages.post(f"/<any({', '.join(STEPS)}):step>", endpoint="create")
def create(number: str, step: str) -> Response:
    payout = payout_or_404(number)
    form = StepForm()
    if form.validate_on_submit():
        told = {"reference": form.reference.data or "", "reason": form.reason.data or ""}
        try:
            said = Line(
                f"payout.{step}", f"payout:{number}", now={"reference": told["reference"]}, reason=told["reason"]
            )
            transaction(noted(said, _take), number, step, told, current_user.id, settings(), clock.now())
            return web.go(url_for("admin.payouts.show", number=number))
        except Refusal as refusal:
            put_beside(form, refusal)
    return render_payout(payout, {step: form}, 422)


def _take(tx: Connection, number: str, step: str, told: dict[str, str], by: int, settings: Settings, now: int) -> None:
    who: dict[str, Any] = {"actor": f"account:{by}", "now": now}
    if step == "approval":
        settlement.approve_payout(tx, number, by=by, now=now)
    elif step == "rejection":
        settlement.reject_payout(tx, number, reason=told["reason"], **who)
    elif step == "processing":
        settlement.process_payout(tx, number, **who)
    elif step == "transfer":
        trade.send_payout(tx, number, by=by, settings=settings, now=now)
    elif step == "payment":
        settlement.confirm_payout(tx, number, reference=told["reference"], by=by, settings=settings, **who)
    elif step == "failure":
        settlement.fail_payout(tx, number, reason=told["reason"], **who)
    elif step == "retry":
        settlement.retry_payout(tx, number, **who)
    else:
        settlement.return_payout(tx, number, reason=told["reason"], **who)
