"""Questions: what an order form asks beside the contact, for the whole shop or for one product."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Connection,
    ForeignKey,
    Integer,
    String,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, Reader, table
from app.errors import N_, Refusal

KINDS = ("text", "number", "choice", "mail")
MOST_QUESTIONS = 5
LONGEST_ANSWER = 200
MOST_CHOICES = 20
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_DIGITS = re.compile(r"[0-9]{1,30}", re.ASCII)
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")


class Question(Model):
    __tablename__ = "question"
    __table_args__ = (CheckConstraint("kind IN ('text', 'number', 'choice', 'mail')", name="kind"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # None: every product asks it.
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    label_zh: Mapped[str] = mapped_column(String(40))
    label_en: Mapped[str] = mapped_column(String(60))
    hint_zh: Mapped[str] = mapped_column(String(120))
    hint_en: Mapped[str] = mapped_column(String(160))
    # A list of [Chinese, English].
    choices: Mapped[str] = mapped_column(Text)
    needed: Mapped[bool] = mapped_column(Boolean)


@dataclass(frozen=True)
class Asked:
    """A question as the merchant wrote it; what is missing in one language is read in the other."""

    kind: str
    label_zh: str
    label_en: str = ""
    hint_zh: str = ""
    hint_en: str = ""
    choices: Sequence[tuple[str, str]] = ()
    needed: bool = False

    def label(self, locale: str) -> str:
        return _in(locale, self.label_zh, self.label_en)

    def hint(self, locale: str) -> str:
        return _in(locale, self.hint_zh, self.hint_en)

    def options(self, locale: str) -> list[str]:
        return [_in(locale, zh, en) for zh, en in self.choices]

    def read(self, text: str, locale: str) -> str:
        """An answer, checked; "" where there need be none. Raises Refusal without a field: the caller knows which it was."""
        text = text.strip()
        if not text:
            if self.needed:
                raise Refusal(N_("Please fill this in."))
            return ""
        if len(text) > LONGEST_ANSWER or _CONTROLS.search(text):
            raise Refusal(N_("At most %(most)s characters on one line, please."), most=LONGEST_ANSWER)
        if self.kind == "number" and not _DIGITS.fullmatch(text):
            raise Refusal(N_("Digits only, please."))
        if self.kind == "mail" and not _MAIL.fullmatch(text):
            raise Refusal(N_("This does not look like an e-mail address."))
        if self.kind == "choice" and text not in self.options(locale):
            raise Refusal(N_("Please choose one of these."))
        return text


_questions = table(Question)
_ORDER = (_questions.c.product_id.is_not(None), _questions.c.position, _questions.c.id)


def _in(locale: str, zh: str, en: str) -> str:
    return (zh or en) if locale.startswith("zh") else (en or zh)


def questions_for(connection: Reader, product_id: int) -> list[Asked]:
    """What the order form of a product asks: the shop's questions, then its own."""
    mine = or_(_questions.c.product_id.is_(None), _questions.c.product_id == product_id)
    return _read(connection, mine)


def questions_of(connection: Reader, product_id: int | None) -> list[Asked]:
    """The questions of the whole shop (None), or those that one product adds."""
    return _read(connection, _questions.c.product_id.is_not_distinct_from(product_id))


def _read(connection: Reader, condition: object) -> list[Asked]:
    rows = connection.execute(select(_questions).where(condition).order_by(*_ORDER))  # type: ignore[arg-type]
    return [
        Asked(
            row.kind,
            row.label_zh,
            row.label_en,
            row.hint_zh,
            row.hint_en,
            [(zh, en) for zh, en in json.loads(row.choices)],
            row.needed,
        )
        for row in rows
    ]


def save_questions(tx: Connection, product_id: int | None, asked: Sequence[Asked]) -> None:
    """Put these questions in the place of those that were there. Raises Refusal when a form would ask more than five."""
    if len(asked) + _most_others(tx, product_id) > MOST_QUESTIONS:
        raise Refusal(
            N_("One order form asks at most %(most)s questions, the shop's and the product's together."),
            most=MOST_QUESTIONS,
        )
    tx.execute(delete(_questions).where(_questions.c.product_id.is_not_distinct_from(product_id)))
    for position, one in enumerate(asked):
        row = {"product_id": product_id, "position": position, "kind": one.kind, "needed": one.needed}
        row |= {"label_zh": one.label_zh, "label_en": one.label_en, "hint_zh": one.hint_zh, "hint_en": one.hint_en}
        tx.execute(insert(_questions), row | {"choices": json.dumps(list(one.choices), ensure_ascii=False)})


def _most_others(tx: Connection, product_id: int | None) -> int:
    """How many questions stand beside these on one form, at most."""
    if product_id is not None:
        return tx.execute(select(func.count()).where(_questions.c.product_id.is_(None))).scalar_one()
    counted = (
        select(func.count().label("number"))
        .where(_questions.c.product_id.is_not(None))
        .group_by(_questions.c.product_id)
        .subquery()
    )
    return tx.execute(select(func.coalesce(func.max(counted.c.number), 0))).scalar_one()
