"""The form of a claim: which order was not counted, by its number or by its day, and how the distributor knows."""

import re
from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import Length, StopValidation

from app import clock, hearing
from app.fields import Form

CLAIM_DAYS = 30
SHANGHAI_OFFSET_SECONDS = 8 * 3600
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def recent(_form: Form, field: StringField) -> None:
    """A day of the last 30, as browsers write it."""
    if field.data and not _is_recent(field.data):
        raise StopValidation(_("Please choose a day of the last 30."))


def _is_recent(text: str) -> bool:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if _DAY.fullmatch(text) else None
    except ValueError:
        return False
    today = datetime.fromtimestamp(clock.now() + SHANGHAI_OFFSET_SECONDS, UTC)
    return day is not None and 0 <= (today - day).days <= CLAIM_DAYS


class ClaimForm(Form):
    order_number = StringField(
        lazy_gettext("Order number, if your friend told you"),
        filters=[lambda text: (text or "").strip().upper()],
        validators=[Length(max=20)],
        render_kw={"maxlength": 20, "autocomplete": "off", "autocapitalize": "characters"},
    )
    day = StringField(
        lazy_gettext("Or the day on which it was bought"), validators=[recent], render_kw={"type": "date"}
    )
    words = hearing.words(lazy_gettext("What makes you sure?"), needed=True)
    picture = hearing.picture()

    def validate(self, extra_validators: object = None) -> bool:
        """One of number and day is needed, or nobody could find the order."""
        if not super().validate(extra_validators):
            return False
        if self.order_number.data or self.day.data:
            return True
        self.order_number.errors = [_("Please enter the order’s number, or the day.")]
        return False

    @property
    def claim(self) -> str:
        """What is claimed, with the day where it stands for the order's number."""
        told = self.words.data or ""
        return told if self.order_number.data else _("Bought on %(day)s.", day=self.day.data) + "\n" + told
