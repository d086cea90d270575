"""What an order form asks beside the contact: fields made of the merchant's questions, and what was answered."""

from collections.abc import Sequence

from flask import request
from flask_babel import get_locale
from wtforms import Field, RadioField, SelectChoice, StringField

from app.catalog import LONGEST_ANSWER, Asked
from app.errors import Refusal
from app.fields import Form

KEYBOARDS = {"number": "numeric", "mail": "email"}


class QuestionsForm:
    """Questions with their fields; `answers` is what was written, once `validate` found nothing wrong with it."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self.asked = asked
        self.locale = str(get_locale())
        self.form = self._made()()
        self.answers: list[tuple[str, str]] = []

    def _made(self) -> type[Form]:
        fields = {f"answer{number}": self._field(one) for number, one in enumerate(self.asked)}
        return type("AnswersForm", (Form,), fields | {"Meta": type("Meta", (Form.Meta,), {"csrf": False})})

    def _field(self, one: Asked) -> Field:
        label = one.label(self.locale)
        if one.kind == "choice":
            options = [SelectChoice(option, option) for option in one.options(self.locale)]
            return RadioField(label, choices=options, validate_choice=False)
        shape = {"maxlength": LONGEST_ANSWER, "inputmode": KEYBOARDS.get(one.kind, "text")}
        return StringField(label, render_kw=shape)

    @property
    def rows(self) -> list[tuple[Asked, Field]]:
        """Each question with its field."""
        return list(zip(self.asked, (self.form[f"answer{number}"] for number in range(len(self.asked))), strict=True))

    def validate(self) -> bool:
        """Whether everything was answered that has to be; what is wrong stands beside its field."""
        self.answers = []
        for one, field in self.rows:
            try:
                answer = one.read(request.form.get(field.name, ""), self.locale)
            except Refusal as refusal:
                field.errors = [refusal.text()]
                continue
            if answer:
                self.answers.append((one.label(self.locale), answer))
        return not any(field.errors for _one, field in self.rows)
