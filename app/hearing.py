"""A dispute before any desk: the form of its steps, its pictures, and what its page shows."""

import re
from collections.abc import Callable
from typing import Any

from flask import Response, abort, make_response, request
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from wtforms import FileField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from app import clock, orders, referral, settlement, throttle, trade
from app.db import db, transaction
from app.errors import Refusal
from app.fields import Form, Yuan, attach
from app.picture import MOST_BYTES, Picture, clean_picture
from app.settlement import Dispute

# The token, the words, the boundaries and the headers of a form.
AROUND_BYTES = 64 * 1024
LIMIT = "30/10 minutes"
LONGEST_WORDS = 2000
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def plain(text: str | None) -> str:
    """What somebody typed into a large field: no controls, and lines that end as ours do."""
    return _CONTROLS.sub("", (text or "").replace("\r\n", "\n")).strip()


def words(label: object, *, needed: bool = False) -> TextAreaField:
    """A field for what somebody has to say."""
    rules = [DataRequired(lazy_gettext("Please fill this in."))] if needed else []
    shape = {"rows": 4, "maxlength": LONGEST_WORDS}
    return TextAreaField(label, filters=[plain], validators=[*rules, Length(max=LONGEST_WORDS)], render_kw=shape)


def picture() -> FileField:
    """A field for one picture; what was sent is read by `read_picture`."""
    return FileField(lazy_gettext("Add a picture"), render_kw={"accept": "image/jpeg,image/png,image/webp"})


class StepForm(Form):
    """One step of one side. Which fields it needs depends on the step; rules live in the rooms."""

    step = HiddenField()
    words = words(lazy_gettext("What you want to say"))
    amount = Yuan(lazy_gettext("Amount"), blank=True)
    picture = picture()
    seen_fen = HiddenField()
    seal = HiddenField()

    @property
    def seen(self) -> int:
        text = self.seen_fen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


def make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a picture in. For `url_value_preprocessor`: the csrf guard reads the form before a before_request could."""
    request.max_content_length = MOST_BYTES + AROUND_BYTES


def read_picture() -> Picture | None:
    """The picture that was sent along, written anew; None when none was chosen. Raises Refusal."""
    sent = request.files.get("picture")
    if sent is None or not sent.filename:
        return None
    return clean_picture(sent.stream.read(MOST_BYTES + 1))


def latest(dispute: Dispute) -> Dispute:
    """The dispute after what time alone brings about, before somebody looks at it."""
    if dispute.due_at is not None and dispute.due_at <= clock.now():
        number = dispute.number
        transaction(trade.advance_dispute, dispute.id, clock.now())
        found = settlement.dispute_by_number(db.session, number)
        assert found is not None
        return found
    return dispute


Around = Callable[[Callable[..., Any]], Callable[..., Any]]


def perform(dispute: Dispute, side: str, actor: str, form: StepForm, around: Around = lambda act: act) -> bool:
    """Do the step that a side asks for, with what comes `around` the act. False when the form has to be shown again, with what is wrong beside its field."""
    throttle.spend(LIMIT, "dispute", throttle.address())
    if not form.validate_on_submit():
        return False
    try:
        _perform(dispute.id, side, actor, form, around)
    except Refusal as refusal:
        if refusal.field not in form:
            raise
        attach(form, refusal.field, refusal.text(), form.words)
        return False
    return True


def _perform(dispute_id: int, side: str, actor: str, form: StepForm, around: Around) -> None:
    who: dict[str, Any] = {"actor": actor, "now": clock.now()}
    said = form.words.data or ""
    fen = form.amount.number or 0
    match side, form.step.data:
        case _, "speak":
            picture = read_picture()
            transaction(around(trade.speak), dispute_id, side=side, words=said, picture=picture, **who)
        case _, "accept":
            transaction(around(trade.accept_decision), dispute_id, side=side, **who)
        case _, "appeal":
            transaction(around(trade.appeal), dispute_id, side=side, words=said, **who)
        case "opener", "withdraw":
            transaction(around(trade.withdraw_claim), dispute_id, **who)
        case "opener", "agree":
            transaction(around(trade.take_offer), dispute_id, seen_fen=form.seen, **who)
        case "shop", "offer":
            transaction(around(trade.offer), dispute_id, fen=fen, words=said, **who)
        case "shop", "concede":
            transaction(around(_end), trade.concede, dispute_id, seen=form.seal.data or "", **who)
        case "shop", "outcome":
            told = {"fen": fen, "reference": said[:80], "seen": form.seal.data or ""}
            transaction(around(_end), trade.record_outcome, dispute_id, **told, **who)
        case _:
            abort(400)


def _end(tx: Connection, act: Callable[..., None], dispute_id: int, *, seen: str, **told: Any) -> None:
    """End it for good, if that does what the page before said in figures."""
    trade.expect(tx, act, dispute_id, seen=seen, **told)
    act(tx, dispute_id, **told)


def shown(dispute: Dispute, side: str, form: StepForm | None = None) -> dict[str, Any]:
    """What the page of a dispute shows to a side."""
    return {
        "dispute": dispute,
        "side": side,
        "statements": settlement.statements_of(db.session, dispute.id),
        "form": form or StepForm(formdata=None),
        "now": clock.now(),
    }


def facts(dispute: Dispute) -> dict[str, Any]:
    """What the shop knows of the matter itself, for its own eyes and the arbitrator's. No contact is in it."""
    order = db.session.get(orders.Order, dispute.order_id) if dispute.order_id else None
    lines = orders.lines_of_order(db.session, order.id) if order else []
    known: dict[str, Any] = {
        "order": order,
        "lines": lines,
        "meanwhile_fen": orders.refunded_since(db.session, order.id, dispute.last_refund_id) if order else 0,
    }
    if dispute.node_id is not None:
        until = order.created_at if order else dispute.opened_at
        known["claimant"] = referral.standing_of(db.session, dispute.node_id).pid
        known["clicks"] = referral.clicks_before(
            db.session, dispute.node_id, until, order.device_hash if order else None
        )
    return known


def picture_or_404(dispute: Dispute, number: str) -> Response:
    """A picture of this dispute as a file to keep; the caller has made sure that a party asks."""
    data = settlement.find_evidence(db.session, dispute.id, number)
    if data is None:
        abort(404)
    response = make_response(data)
    response.content_type = "image/jpeg"
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.jpg"'
    return response
