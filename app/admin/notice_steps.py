"""What the merchant does about a notice: attach its money, send it back, note what became of it, or have it judged anew."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, g, url_for
from flask_login import current_user

from app import audit, clock, payments, throttle, trade, visit, web
from app.admin.forms import put_beside
from app.admin.notice_forms import AttachForm, ClosingForm, ReasonForm, offer_outcomes
from app.admin.notices import ONE, notice_or_404, render_notice, stray_of
from app.db import AnyRow, db, transaction
from app.errors import Refusal
from app.fields import Form
from app.noting import Line, noted

pages = Blueprint("notice_steps", __name__, url_prefix=f"/notices{ONE}")


def _actor() -> str:
    return f"account:{current_user.id}"


def _stray_or_404(row: AnyRow) -> AnyRow:
    stray = stray_of(row)
    if stray is None:
        abort(404)
    return stray


def _step(name: str, row: AnyRow, form: Form, act: Callable[[], Any]) -> Response:
    if form.validate_on_submit():
        try:
            done = act()
            return web.go(url_for("admin.notices.show", notice_id=row.KeptNotice.id, replayed=done))
        except Refusal as refusal:
            put_beside(form, refusal)
    return render_notice(row, {name: form}, 422)


@pages.post("/attachment", endpoint="attach")
def attach(notice_id: int) -> Response:
    row = notice_or_404(notice_id)
    stray_id, form = _stray_or_404(row).id, AttachForm()

    def act() -> None:
        said = Line(
            "notice.attach", f"notice:{notice_id}", now={"order": form.order.data}, reason=form.reason.data or ""
        )
        transaction(
            noted(said, trade.attach),
            stray_id,
            (form.order.data or "").upper(),
            reason=form.reason.data or "",
            actor=_actor(),
            address=throttle.address(),
            request_id=g.request_id,
            now=clock.now(),
        )

    return _step("attach", row, form, act)


@pages.post("/return", endpoint="give_back")
def give_back(notice_id: int) -> Response:
    """Send the money back through its channel; the worker does, within seconds."""
    row = notice_or_404(notice_id)
    stray, form = _stray_or_404(row), ReasonForm()

    def act() -> None:
        line = Line("notice.give_back", f"notice:{notice_id}", reason=form.reason.data or "")
        transaction(noted(line, trade.give_back), stray, actor=_actor(), reason=form.reason.data or "", now=clock.now())

    return _step("return", row, form, act)


@pages.post("/closing", endpoint="close")
def close(notice_id: int) -> Response:
    row = notice_or_404(notice_id)
    stray = _stray_or_404(row)
    form = offer_outcomes(ClosingForm(), stray)

    def act() -> None:
        said: dict[str, Any] = {"reason": form.reason.data or "", "actor": _actor(), "now": clock.now()}
        line = Line("notice.close", f"notice:{notice_id}", now={"outcome": form.outcome.data}, reason=said["reason"])
        transaction(noted(line, trade.close), stray.id, form.outcome.data, **said)

    return _step("closing", row, form, act)


@pages.post("/replay", endpoint="replay")
def replay(notice_id: int) -> Response:
    """Have it judged once more, by the normal path."""
    row, form = notice_or_404(notice_id), ReasonForm()
    kept = row.KeptNotice
    channel = payments.channel_by_id(db.session, kept.channel_id)
    if kept.source not in ("callback", "return", "replay"):
        abort(404)

    def act() -> str:
        db.session.expunge(kept)
        by, reason = visit.who(), form.reason.data or ""
        # Judging takes transactions of its own, since a provider may be asked meanwhile.
        verdict = trade.replay(channel, kept, clock.now(), actor=_actor(), reason=reason).value
        transaction(audit.record, by, "notice.replay", f"notice:{notice_id}", now={"verdict": verdict}, reason=reason)
        return verdict

    return _step("replay", row, form, act)
