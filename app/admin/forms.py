"""The merchant's forms. They check shape; rules live in the rooms."""

import re

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app import catalog
from app.admin.rewards import RatesForm
from app.errors import Refusal
from app.fields import Form, Percent, WholeNumber, Yuan

NEEDED = DataRequired(lazy_gettext("Please fill this in."))
# Also what turns the reading direction around: a title with it shows other words than it holds.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\t\r\n]")


def strip(text: str | None) -> str:
    return (text or "").strip()


def no_controls(_form: Form, field: Field) -> None:
    """Refuse what no keyboard types and PostgreSQL does not store."""
    text = field.data or ""
    if _CONTROLS.search(text) or (_BREAKS.search(text) and not isinstance(field, TextAreaField)):
        raise ValidationError(lazy_gettext("Please leave out control characters."))


def line(label: object, most: int, *, needed: bool = False) -> StringField:
    """A field for one line of text."""
    rules = ([NEEDED] if needed else []) + [Length(max=most), no_controls]
    return StringField(label, filters=[strip], validators=rules, render_kw={"maxlength": most})


def put_beside(form: Form, refusal: Refusal) -> None:
    """Put a refusal beside the field it belongs to. One that belongs to none is not the form's matter."""
    if refusal.field not in form:
        raise refusal
    field = form[refusal.field]
    field.errors = [*field.errors, refusal.text()]


class CardImportForm(Form):
    codes = TextAreaField(
        lazy_gettext("Codes, one a line"),
        validators=[InputRequired(lazy_gettext("Please paste at least one code."))],
        render_kw={"rows": 14, "autocomplete": "off", "spellcheck": "false"},
    )


class CategoryForm(RatesForm):
    name = line(lazy_gettext("Name"), 40, needed=True)
    parent = SelectField(lazy_gettext("Stands under"), default="")

    def offer(self, branches: list[catalog.Branch], but: tuple[int, ...] = ()) -> "CategoryForm":
        """Let the merchant choose what it stands under; `but` are itself and what is below it."""
        fit = [one for one in branches if one.category.id not in but and one.depth < catalog.MOST_LEVELS - 1]
        choices = [SelectChoice(str(one.category.id), one.indented) for one in fit]
        self.parent.choices = [SelectChoice("", lazy_gettext("Nothing, at the top")), *choices]
        return self

    @property
    def parent_id(self) -> int | None:
        return int(self.parent.data) if self.parent.data else None


class LimitsForm(Form):
    self_percent = Percent(lazy_gettext("Off own purchases, per cent"))
    pool_percent = Percent(lazy_gettext("Incentive pool, per cent"), most_bps=500)
    max_percent = Percent(lazy_gettext("At most in all, per cent"))
    margin_guard = BooleanField(lazy_gettext("Never give away more than the margin, where the cost is known"))
    tier_over_product = BooleanField(lazy_gettext("A distributor's tier goes before the product's own rate"))


class TierForm(Form):
    seen = HiddenField()
    name = line(lazy_gettext("Name"), 40, needed=True)
    min_sales = Yuan(lazy_gettext("From own sales of, yuan"))
    position = WholeNumber(lazy_gettext("Place"), most=9999, default="0")


class WelcomeForm(Form):
    contact = StringField(
        lazy_gettext("E-mail or phone"), validators=[NEEDED, Length(max=254)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        lazy_gettext("Password"),
        validators=[InputRequired(lazy_gettext("Please fill this in."))],
        render_kw={"autocomplete": "new-password"},
    )


class NewPasswordForm(Form):
    password = PasswordField(
        lazy_gettext("New password"),
        validators=[InputRequired(lazy_gettext("Please fill this in."))],
        render_kw={"autocomplete": "new-password"},
    )
