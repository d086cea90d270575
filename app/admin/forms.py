"""The merchant's forms. They check shape; rules live in the rooms."""

import re
from typing import Any

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    Field,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app import catalog
from app.errors import Refusal
from app.fields import Form, Percent, WholeNumber, Yuan
from app.money import yuan

NEEDED = DataRequired(lazy_gettext("Please fill this in."))
LONGEST_BODY = 20000
HUES = tuple(range(0, 360, 30))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
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


class RatesForm(Form):
    """A rate for each level; blank leaves it to the next wider rule, 0 means none."""

    l1_percent = Percent(lazy_gettext("Level 1, per cent"), blank=True)
    l2_percent = Percent(lazy_gettext("Level 2, per cent"), blank=True)

    @property
    def rates(self) -> dict[int, int | None]:
        return {1: self.l1_percent.number, 2: self.l2_percent.number}


class ProductForm(RatesForm):
    title = line(lazy_gettext("Title"), 80, needed=True)
    slug = line(lazy_gettext("Address"), 60, needed=True)
    category = SelectField(lazy_gettext("Category"), default="")
    summary = line(lazy_gettext("In one sentence"), 160)
    delivers = line(lazy_gettext("What the buyer gets"), 160)
    body_markdown = TextAreaField(
        lazy_gettext("Description"),
        validators=[Length(max=LONGEST_BODY), no_controls],
        render_kw={"rows": 10, "maxlength": LONGEST_BODY},
    )
    price = Yuan(lazy_gettext("Price, yuan"), least_fen=1)
    cost = Yuan(lazy_gettext("What one costs you, yuan"), blank=True)
    min_quantity = WholeNumber(lazy_gettext("Least per order"), least=1, most=9999, default="1")
    max_quantity = WholeNumber(lazy_gettext("Most per order"), least=1, most=9999, default="10")
    position = WholeNumber(lazy_gettext("Place on the shelf"), most=9999, default="0")
    commissionable = BooleanField(lazy_gettext("Distributors earn commission on it"), default=True)
    hold_days = WholeNumber(lazy_gettext("Days that commission is held"), most=90, blank=True)
    hue = RadioField(lazy_gettext("Colour"), choices=[SelectChoice(str(hue)) for hue in HUES], default="210")
    motif = RadioField(
        lazy_gettext("Pattern"),
        choices=[SelectChoice(motif) for motif in catalog.MOTIFS],
        default=catalog.MOTIFS[0],
    )

    def offer(self, categories: list[catalog.Category], hue: int | None = None) -> "ProductForm":
        """Let the merchant choose among `categories`, and keep a colour that is none of the usual."""
        self.category.choices = [
            SelectChoice("", lazy_gettext("None")),
            *(SelectChoice(str(one.id), one.name) for one in categories),
        ]
        if hue is not None and hue not in HUES:
            self.hue.choices = [*self.hue.choices, SelectChoice(str(hue))]
        return self

    @property
    def values(self) -> dict[str, Any]:
        """What the catalog is told; nothing else that was sent gets any further."""
        return {
            "title": self.title.data,
            "category_id": int(self.category.data) if self.category.data else None,
            "summary": self.summary.data,
            "delivers": self.delivers.data,
            "body_markdown": self.body_markdown.data or "",
            "price_fen": self.price.number,
            "cost_fen": self.cost.number,
            "min_quantity": self.min_quantity.number,
            "max_quantity": self.max_quantity.number,
            "position": self.position.number,
            "commissionable": self.commissionable.data,
            "hold_days": self.hold_days.number,
            "hue": int(self.hue.data),
            "motif": self.motif.data,
        }

    @staticmethod
    def written(product: catalog.Product, sku: catalog.Sku) -> dict[str, Any]:
        """A product as the form shows it."""
        return {
            "title": product.title,
            "category": str(product.category_id or ""),
            "summary": product.summary,
            "delivers": product.delivers,
            "body_markdown": product.body_markdown,
            "price": yuan(sku.price_fen),
            "cost": "" if sku.cost_fen is None else yuan(sku.cost_fen),
            "min_quantity": str(sku.min_quantity),
            "max_quantity": str(sku.max_quantity),
            "position": str(product.position),
            "commissionable": product.commissionable,
            "hold_days": "" if product.hold_days is None else str(product.hold_days),
            "hue": str(product.hue),
            "motif": product.motif,
        }


class CardImportForm(Form):
    codes = TextAreaField(
        lazy_gettext("Codes, one a line"),
        validators=[InputRequired(lazy_gettext("Please paste at least one code."))],
        render_kw={"rows": 14, "autocomplete": "off", "spellcheck": "false"},
    )


class CategoryForm(RatesForm):
    name = line(lazy_gettext("Name"), 40, needed=True)
    position = WholeNumber(lazy_gettext("Place"), most=9999, default="0")


class ChannelForm(Form):
    name = line(lazy_gettext("Name"), 40, needed=True)
    position = WholeNumber(lazy_gettext("Place"), most=9999, default="0")
    enabled = BooleanField(lazy_gettext("Buyers can choose it"), default=True)


class EpayForm(ChannelForm):
    """An EPay account. The key is written and never read back; blank keeps the one that is there."""

    slug = line(lazy_gettext("Address of callbacks"), 30, needed=True)
    api_url = line(lazy_gettext("The provider's address"), 300)
    merchant_id = line(lazy_gettext("Merchant id (PID)"), 32)
    key = PasswordField(lazy_gettext("Key"), render_kw={"autocomplete": "new-password", "spellcheck": "false"})
    mode = RadioField(
        lazy_gettext("How payments start"),
        choices=[
            SelectChoice("submit", lazy_gettext("submit.php: the buyer goes to the provider's page")),
            SelectChoice("mapi", lazy_gettext("mapi.php: the shop shows the QR code itself")),
        ],
        default="submit",
    )
    methods = SelectMultipleField(
        lazy_gettext("Ways to pay"),
        widget=ListWidget(),
        option_widget=CheckboxInput(),
        choices=[
            SelectChoice("alipay", lazy_gettext("Alipay")),
            SelectChoice("wxpay", lazy_gettext("WeChat Pay")),
            SelectChoice("qqpay", lazy_gettext("QQ Wallet")),
        ],
    )

    @property
    def account(self) -> dict[str, Any]:
        """The settings that the gateway checks. The key stays as it was typed: a space in it is a mistake to be told."""
        address = self.api_url.data
        return {
            # Providers print their address with and without the last slash.
            "api_url": address if not address or address.endswith(("/", ".php")) else f"{address}/",
            "merchant_id": self.merchant_id.data,
            "key": self.key.data or "",
            "mode": self.mode.data,
            "methods": self.methods.data,
        }


class SettingsForm(Form):
    name = line(lazy_gettext("Name of the shop"), 40, needed=True)
    mode = RadioField(
        lazy_gettext("Mode"),
        choices=[SelectChoice("test", lazy_gettext("Test")), SelectChoice("live", lazy_gettext("Live"))],
        default="test",
    )
    support_contact = line(lazy_gettext("How buyers reach you"), 120)
    hold_days = WholeNumber(lazy_gettext("Days that commission is held"), most=90)
    cookie_days = WholeNumber(lazy_gettext("Days that an invitation counts"), least=1, most=90)
    l1_percent = Percent(lazy_gettext("Level 1, per cent"))
    l2_percent = Percent(lazy_gettext("Level 2, per cent"))


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
