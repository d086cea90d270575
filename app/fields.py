"""Fields that take one spelling only: int() and Decimal() would take full-width digits, signs, underscores and exponents."""

import re
from typing import Any

from flask import request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import money

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?", re.ASCII)


class Form(FlaskForm):
    """A form whose fields are text. Flask-WTF would also take JSON and files, which no field expects."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            return request.form if formdata is not None and request.method == "POST" else None


class _Strict(StringField):
    """Text that stands for a number; `number` is it once validated, None when the field was left blank and may be."""

    number: Any = None
    inputmode = "decimal"

    def __init__(self, label: object, *, blank: bool = False, **options: Any) -> None:
        super().__init__(label, render_kw={"inputmode": self.inputmode, "autocomplete": "off"}, **options)
        self.blank = blank

    def pre_validate(self, form: object) -> None:
        text = self.data or ""
        if text == "" and self.blank:
            self.number = None
            return
        self.number = self.read(text)
        if self.number is None:
            raise StopValidation(self.sentence())

    def read(self, text: str) -> int | None:
        raise NotImplementedError

    def sentence(self) -> str:
        raise NotImplementedError


class WholeNumber(_Strict):
    """A whole number from `least` to `most`."""

    inputmode = "numeric"

    def __init__(self, label: object, *, least: int = 0, most: int = 999_999_999, **options: Any) -> None:
        super().__init__(label, **options)
        self.least, self.most = least, most

    def read(self, text: str) -> int | None:
        return int(text) if _WHOLE.fullmatch(text) and self.least <= int(text) <= self.most else None

    def sentence(self) -> str:
        return str(
            lazy_gettext("Please enter a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
        )


class Yuan(_Strict):
    """An amount in yuan; `number` is in fen."""

    def __init__(self, label: object, *, least_fen: int = 0, most_fen: int = 100_000_000, **options: Any) -> None:
        super().__init__(label, **options)
        self.least_fen, self.most_fen = least_fen, most_fen

    def read(self, text: str) -> int | None:
        try:
            fen = money.parse_fen(text)
        except ValueError:
            return None
        return fen if self.least_fen <= fen <= self.most_fen else None

    def sentence(self) -> str:
        return str(
            lazy_gettext(
                "Please enter an amount like 12 or 12.50, from %(least)s to %(most)s.",
                least=money.yuan(self.least_fen),
                most=money.yuan(self.most_fen),
            )
        )


class Percent(_Strict):
    """A rate in per cent, at most 30 or less; `number` is in basis points."""

    def __init__(self, label: object, *, most_bps: int = 3000, **options: Any) -> None:
        super().__init__(label, **options)
        self.most_bps = most_bps

    def read(self, text: str) -> int | None:
        if not _PERCENT.fullmatch(text):
            return None
        bps = money.parse_fen(text)
        return bps if bps <= self.most_bps else None

    def sentence(self) -> str:
        return str(
            lazy_gettext("Please enter a rate like 10 or 2.5, at most %(most)s.", most=f"{self.most_bps / 100:g}")
        )


def attach(form: Any, name: str | None, text: str, otherwise: Field) -> None:
    """Put a refusal beside the field it belongs to, or beside `otherwise`."""
    field = form[name] if name and name in form else otherwise
    field.errors = [*field.errors, text]
