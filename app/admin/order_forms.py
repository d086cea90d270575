"""The forms on an order's page: what goes back and how it went, and which uses were spent."""

import re
from collections.abc import Mapping

from flask_babel import lazy_gettext
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from app import orders, payments, vault
from app.admin.forms import line, no_controls, strip
from app.db import AnyRow, db
from app.fields import Form, WholeNumber, Yuan
from app.money import yuan

NUMBER = re.compile(r"[0-9A-Z]{16}", re.ASCII)


class NoteForm(Form):
    text = TextAreaField(
        lazy_gettext("Note"),
        filters=[strip],
        validators=[DataRequired(lazy_gettext("Please fill this in.")), Length(max=orders.LONGEST_NOTE), no_controls],
        render_kw={"rows": 3, "maxlength": orders.LONGEST_NOTE},
    )


class RefundForm(Form):
    amount = Yuan(lazy_gettext("Amount"), least_fen=1)
    way = RadioField(
        lazy_gettext("How it goes back"),
        choices=[
            SelectChoice("gateway", lazy_gettext("Through the payment channel, now")),
            SelectChoice("hand", lazy_gettext("I send it myself")),
        ],
    )
    reason = line(lazy_gettext("Reason"), 200, needed=True)
    key = HiddenField(validators=[Regexp(NUMBER)])


class ReceiptForm(Form):
    """How a refund went that the merchant sent, or looked after."""

    outcome = RadioField(
        lazy_gettext("How did it go?"),
        choices=[
            SelectChoice("done", lazy_gettext("The buyer has the money")),
            SelectChoice("failed", lazy_gettext("Nothing was sent: take this refund back")),
        ],
    )
    reference = line(lazy_gettext("Reference, such as the transfer’s number"), 80)


class UseForm(Form):
    line = HiddenField(validators=[Regexp(r"[0-9]{1,9}\Z", re.ASCII)])
    left = HiddenField(validators=[Regexp(r"[0-9]{1,9}\Z", re.ASCII)])
    count = WholeNumber(lazy_gettext("Uses spent"), least=1, most=100000, default="1")


def use_forms(rights: Mapping[int, AnyRow], refused: UseForm | None = None) -> dict[int, UseForm]:
    """line id -> the form for its uses; the one that was refused stands beside its line, and says what is left now."""
    forms = {}
    for line_id, right in rights.items():
        form = refused if refused and refused.line.data == str(line_id) else UseForm(formdata=None)
        form.line.data, form.left.data = str(line_id), str(right.uses_left or 0)
        form.line.id, form.left.id, form.count.id = (f"{name}-{line_id}" for name in ("line", "left", "count"))
        forms[line_id] = form
    return forms


def new_form(order: orders.Order) -> RefundForm | None:
    """The form for what can still go back; None when nothing can."""
    left_fen = sum(orders.refundable(db.session, order.id).values()) if order.state == "paid" else 0
    if not left_fen:
        return None
    form = RefundForm(formdata=None)
    form.amount.data = yuan(left_fen)
    form.key.data = vault.code(16)
    return offer_ways(form, order)


def offer_ways(form: RefundForm, order: orders.Order) -> RefundForm:
    """Offer the channel that was paid only where it can send money back."""
    slug = payments.channel_paid(db.session, order.id)
    channel = payments.channel_by_slug(db.session, slug) if slug else None
    if channel is None or not channel.can_refund:
        form.way.choices = [choice for choice in form.way.choices if choice.value == "hand"]
    form.way.data = form.way.data or form.way.choices[0].value
    return form
