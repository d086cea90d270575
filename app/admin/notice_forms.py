"""The forms on a notice's page: what is done with it, and why."""

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice

from app.admin.forms import line
from app.db import AnyRow
from app.fields import Form


class AttachForm(Form):
    order = line(lazy_gettext("Order number"), 20, needed=True)
    reason = line(lazy_gettext("Why"), 200, needed=True)


class ReasonForm(Form):
    reason = line(lazy_gettext("Why"), 200, needed=True)


class ClosingForm(Form):
    outcome = RadioField(lazy_gettext("What became of it"))
    reason = line(lazy_gettext("Why"), 200, needed=True)


BACK = SelectChoice("refunded", lazy_gettext("The buyer has the money back: I sent it myself"))
NOTHING = SelectChoice("closed", lazy_gettext("Nothing has to be done"))
NOT_SENT = SelectChoice("open", lazy_gettext("Nothing was sent: back into the queue"))


def offer_outcomes(form: ClosingForm, stray: AnyRow) -> ClosingForm:
    """Offer what can have become of it: of a return that is doubtful somebody has to say how it went."""
    choices = [BACK, NOT_SENT] if stray.state == "doubtful" else [BACK, NOTHING] if stray.is_booked else [NOTHING]
    form.outcome.choices = choices
    form.outcome.data = form.outcome.data or choices[0].value
    return form
