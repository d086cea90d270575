"""The forms on an order's page: a note, how a refund went, and which uses were spent."""

import re
from collections.abc import Mapping

from flask_babel import lazy_gettext
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from app import orders
from app.admin.forms import line, no_controls, strip
from app.db import AnyRow
from app.fields import Form, WholeNumber


class NoteForm(Form):
    text = TextAreaField(
        lazy_gettext("Note"),
        filters=[strip],
        validators=[DataRequired(lazy_gettext("Please fill this in.")), Length(max=orders.LONGEST_NOTE), no_controls],
        render_kw={"rows": 3, "maxlength": orders.LONGEST_NOTE},
    )


class CancellationForm(Form):
    reason = line(lazy_gettext("Reason"), 200, needed=True)


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
