"""The forms by which the merchant settles payouts."""

from flask_babel import lazy_gettext
from wtforms import TextAreaField
from wtforms.validators import Length

from app.admin.forms import NEEDED, line
from app.fields import Form

MOST_CHARACTERS = 200_000


class StepForm(Form):
    """What a step wants to know: the transfer's number, or a reason that the distributor reads."""

    reference = line(lazy_gettext("Number of the transfer"), 80)
    reason = line(lazy_gettext("Reason, as the distributor reads it"), 200)


class ResultForm(Form):
    results = TextAreaField(
        lazy_gettext("Results: number, paid or failed, reference or reason"),
        validators=[NEEDED, Length(max=MOST_CHARACTERS)],
        render_kw={"rows": 8, "autocomplete": "off", "spellcheck": "false"},
    )


class ReferenceForm(Form):
    """Under which number money left; of one payout, or of all that have none of their own."""

    reference = line(lazy_gettext("Number of the transfer"), 80)
