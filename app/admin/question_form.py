"""The form of one question of an order form; five of them stand on a page, and one without a label is not asked."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length

from app import catalog, hearing
from app.admin.forms import line, no_controls
from app.catalog import Asked
from app.fields import Form

KINDS = {
    "text": lazy_gettext("Text"),
    "number": lazy_gettext("Digits, such as a QQ number"),
    "choice": lazy_gettext("One of several"),
    "mail": lazy_gettext("E-mail address"),
}
BAR = "|"


class QuestionForm(Form):
    label_zh = line(lazy_gettext("Question, in Chinese"), 40)
    label_en = line(lazy_gettext("Question, in English"), 60)
    kind = SelectField(
        lazy_gettext("Answer"), choices=[SelectChoice(value, label) for value, label in KINDS.items()], default="text"
    )
    hint_zh = line(lazy_gettext("Hint, in Chinese"), 120)
    hint_en = line(lazy_gettext("Hint, in English"), 160)
    choices = TextAreaField(
        lazy_gettext("Choices, one a line"),
        filters=[hearing.plain],
        validators=[Length(max=2000), no_controls],
        render_kw={"rows": 4},
    )
    needed = BooleanField(lazy_gettext("Has to be answered"))

    @property
    def is_asked(self) -> bool:
        return bool(self.label_zh.data or self.label_en.data)

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if self.is_asked and self.kind.data == "choice":
            chosen = _choices(self.choices.data or "")
            if not 2 <= len(chosen) <= catalog.MOST_CHOICES or any(
                len(one) > catalog.LONGEST_ANSWER for pair in chosen for one in pair
            ):
                self.choices.errors = [_("From 2 to %(most)s choices, one a line.", most=catalog.MOST_CHOICES)]
                return False
        return bool(good)

    @property
    def asked(self) -> Asked:
        label_zh, label_en = self.label_zh.data or "", self.label_en.data or ""
        chosen = _choices(self.choices.data or "") if self.kind.data == "choice" else []
        hints = {"hint_zh": self.hint_zh.data or "", "hint_en": self.hint_en.data or ""}
        return Asked(self.kind.data, label_zh, label_en, choices=chosen, needed=bool(self.needed.data), **hints)


def _choices(text: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return [(zh.strip(), en.strip()) for zh, _bar, en in (one.partition(BAR) for one in lines)]


def forms_of(asked: Sequence[Asked] | None) -> list[QuestionForm]:
    """Five forms: as they were sent (None), or filled with what is asked now."""
    if asked is None:
        return [_form(number) for number in range(catalog.MOST_QUESTIONS)]
    filled = [_data(one) for one in asked] + [{}] * catalog.MOST_QUESTIONS
    return [_form(number, formdata=None, data=data) for number, data in enumerate(filled[: catalog.MOST_QUESTIONS])]


def _form(number: int, **told: Any) -> QuestionForm:
    return QuestionForm(prefix=f"q{number}-", meta={"csrf": False}, **told)


def _data(one: Asked) -> dict[str, Any]:
    lines = [f"{zh} {BAR} {en}" if en else zh for zh, en in one.choices]
    names = ("label_zh", "label_en", "hint_zh", "hint_en", "kind", "needed")
    return {name: getattr(one, name) for name in names} | {"choices": "\n".join(lines)}
