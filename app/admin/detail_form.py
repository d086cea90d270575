"""Forms for accounts with somebody else, made from what each asks for. They check shape; what keys must be like is not theirs to say."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    TextAreaField,
)
from wtforms import Field as FormField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from app import visit
from app.admin.forms import line, no_controls, strip
from app.detail import Field
from app.fields import Form

MOST_CHARACTERS = 20_000


class DetailForm(Form):
    """A name, the details, and the password of whoever changes them."""

    details: Sequence[Field] = ()
    name = line(lazy_gettext("Name"), 40, needed=True)
    password = PasswordField(lazy_gettext("Your password"), render_kw={"autocomplete": "current-password"})

    @property
    def account(self) -> dict[str, Any]:
        """The settings, to be checked. A key stays as it was typed: a space in it is a mistake to be told."""
        return {one.name: self[one.name].data or _nothing(one) for one in self.details}

    @property
    def inputs(self) -> list[tuple[Field, FormField]]:
        """What is asked for, each with its input."""
        return [(one, self[one.name]) for one in self.details]

    def differs(self, told: dict[str, Any], known: dict[str, Any]) -> bool:
        """Whether the account itself would be another one: a secret was typed, or something else differs."""
        return any(
            bool(told[one.name]) if one.is_secret else told[one.name] != known.get(one.name, _nothing(one))
            for one in self.details
        )

    def knows_password(self) -> bool:
        """Whether the password is that of whoever is logged in; if not, it is said beside the field."""
        if visit.knows_password(self.password.data):
            return True
        self.password.errors = [_("This is not your present password.")]
        return False


def _nothing(one: Field) -> Any:
    return {"choices": [], "switch": False}.get(one.kind, "")


def inputs_of(fields: Sequence[Field], *, is_new: bool = False) -> dict[str, Any]:
    """An input for each detail. In a new account's form a secret that the shop draws can be read, and copied."""
    return {
        one.name: line(lazy_gettext(one.label), one.most) if is_new and one.is_drawn else _input(one) for one in fields
    }


def _input(one: Field) -> Any:
    label = lazy_gettext(one.label)
    choices = [SelectChoice(value, lazy_gettext(text)) for value, text in one.options]
    looks = {"autocomplete": "off", "spellcheck": "false"}
    match one.kind:
        case "secret":
            look = {**looks, "autocomplete": "new-password"}
            return PasswordField(label, validators=[Length(max=one.most)], render_kw=look)
        case "text" | "secret_text":
            rules = [Length(max=MOST_CHARACTERS), no_controls]
            return TextAreaField(label, filters=[strip], validators=rules, render_kw={"rows": 5, **looks})
        case "choice":
            return RadioField(label, choices=choices, default=one.default)
        case "choices":
            return SelectMultipleField(
                label, widget=ListWidget(), option_widget=CheckboxInput(), choices=choices, default=one.default
            )
        case "switch":
            return BooleanField(label, default=bool(one.default))
    return line(label, one.most)
