"""The form of a refund: how much goes back, as an amount or by line, how, and why."""

import re
from collections.abc import Mapping

from flask_babel import lazy_gettext
from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import Regexp

from app import orders, payments, vault
from app.admin.forms import line
from app.db import AnyRow, db
from app.fields import Form, WholeNumber, Yuan
from app.money import pieces, yuan

NUMBER = re.compile(r"[0-9A-Z]{16}", re.ASCII)


class PartForm(Form):
    """What goes back of one line; it travels inside the refund's own form."""

    count = WholeNumber(lazy_gettext("Pieces"), least=1, blank=True)
    amount = Yuan(lazy_gettext("or an amount"), least_fen=1, blank=True)


class RefundForm(Form):
    basis = RadioField(
        lazy_gettext("What goes back"),
        choices=[
            SelectChoice("whole", lazy_gettext("An amount, spread over what is left of the order")),
            SelectChoice("lines", lazy_gettext("By line: so many pieces, or an amount")),
        ],
        default="whole",
    )
    amount = Yuan(lazy_gettext("Amount"), least_fen=1, blank=True)
    way = RadioField(
        lazy_gettext("How it goes back"),
        choices=[
            SelectChoice("gateway", lazy_gettext("Through the payment channel, now")),
            SelectChoice("hand", lazy_gettext("I send it myself")),
        ],
    )
    reason = line(lazy_gettext("Reason"), 200, needed=True)
    key = HiddenField(validators=[Regexp(NUMBER)])
    # The seal of the figures that were shown.
    seen = HiddenField()

    lines: Mapping[int, AnyRow] = {}
    parts: Mapping[int, PartForm] = {}

    @property
    def by_line(self) -> dict[int, int] | None:
        """line id -> fen; None where the whole order is spread over."""
        if self.basis.data != "lines":
            return None
        fen = {line_id: _fen_of(self.lines[line_id], part) for line_id, part in self.parts.items()}
        return {line_id: one for line_id, one in fen.items() if one}

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Names and values, as they were sent, for the page that asks once more."""
        fields = [field for form in (self, *self.parts.values()) for field in form]
        return [(one.name, one.data or "") for one in fields if one.short_name not in ("csrf_token", "seen")]

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        # Every form is looked at, so that each says what is wrong with it.
        good = super().validate(extra_validators)
        parts = [part.validate() for part in self.parts.values()]
        fits = all(parts) and (self._has_amount() if self.basis.data == "whole" else self._has_lines())
        return good and fits

    def _has_amount(self) -> bool:
        if self.amount.number is None:
            self.amount.errors = [self.amount.sentence()]
        return self.amount.number is not None

    def _has_lines(self) -> bool:
        for part in self.parts.values():
            if part.count.number is not None and part.amount.number is not None:
                part.amount.errors = [lazy_gettext("Please give either pieces or an amount.")]
                return False
        if not self.by_line:
            self.basis.errors = [lazy_gettext("Please say how much of which line goes back.")]
        return bool(self.by_line)


def _fen_of(row: AnyRow, part: PartForm) -> int:
    left_fen: int = row.base_fen - row.refunded_fen
    if part.count.number is None:
        return part.amount.number or 0
    return min(left_fen, pieces(row.base_fen, part.count.number, row.quantity))


def sent_form(order: orders.Order) -> RefundForm:
    return _offer(RefundForm(), order, sent=True)


def new_form(order: orders.Order) -> RefundForm | None:
    """The form for what can still go back; None when nothing can."""
    left_fen = sum(orders.refundable(db.session, order.id).values()) if order.state == "paid" else 0
    if not left_fen:
        return None
    form = RefundForm(formdata=None)
    form.amount.data = yuan(left_fen)
    form.key.data = vault.code(16)
    return _offer(form, order, sent=False)


def _offer(form: RefundForm, order: orders.Order, *, sent: bool) -> RefundForm:
    """Offer the lines, and the channel that was paid only where it can send money back."""
    slug = payments.channel_paid(db.session, order.id)
    channel = payments.channel_by_slug(db.session, slug) if slug else None
    if channel is None or not channel.can_refund:
        form.way.choices = [choice for choice in form.way.choices if choice.value == "hand"]
    form.way.data = form.way.data or form.way.choices[0].value
    form.lines = {row.id: row for row in orders.lines_of_order(db.session, order.id)}
    options = {"meta": {"csrf": False}} | ({} if sent else {"formdata": None})
    form.parts = {
        row.id: PartForm(prefix=f"line{row.id}", **options)
        for row in form.lines.values()
        if row.refunded_fen < row.base_fen
    }
    for line_id, part in form.parts.items():
        part.count.most = form.lines[line_id].quantity
    return form
