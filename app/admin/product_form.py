"""The form of a product. It checks shape; rules live in the rooms."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length

from app import catalog, stock
from app.admin import labels
from app.admin.forms import line, no_controls
from app.admin.rewards import RatesForm
from app.fields import WholeNumber, Yuan
from app.money import yuan

LONGEST_BODY = 20000
HUES = tuple(range(0, 360, 30))


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
    low_stock = WholeNumber(lazy_gettext("Tell me when so few codes are left"), most=stock.MOST_LOW, default="5")
    position = WholeNumber(lazy_gettext("Place on the shelf"), most=9999, default="0")
    commissionable = BooleanField(lazy_gettext("Distributors earn commission on it"), default=True)
    hold_days = WholeNumber(lazy_gettext("Days that commission is held"), most=90, blank=True)
    vesting = RadioField(
        lazy_gettext("How it is used"),
        choices=[SelectChoice(kind, labels.VESTING[kind]) for kind in labels.VESTING],
        default="instant",
    )
    validity_days = WholeNumber(lazy_gettext("Valid for how many days"), least=1, most=3650, blank=True)
    uses = WholeNumber(lazy_gettext("How many uses"), least=1, most=100000, blank=True)
    forfeit_unused = BooleanField(lazy_gettext("Uses left at the end earn distributors nothing"))
    renewal_group = line(lazy_gettext("Renewal group"), 40)
    renewal_months = WholeNumber(lazy_gettext("Renewals earn for how many months"), least=1, most=120, blank=True)
    refund_window_days = WholeNumber(lazy_gettext("Days in which a buyer may ask for a refund"), most=90, default="0")
    hue = RadioField(lazy_gettext("Colour"), choices=[SelectChoice(str(hue)) for hue in HUES], default="210")
    motif = RadioField(
        lazy_gettext("Pattern"),
        choices=[SelectChoice(motif, labels.MOTIFS[motif]) for motif in catalog.MOTIFS],
        default=catalog.MOTIFS[0],
    )

    def offer(self, categories: list[catalog.Category], hue: int | None = None) -> "ProductForm":
        """Let the merchant choose among `categories`, and keep a colour that is none of the usual."""
        self.category.choices = [
            SelectChoice("", lazy_gettext("None")),
            *(SelectChoice(str(one.category.id), one.indented) for one in catalog.branches(categories)),
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
            "low_stock": self.low_stock.number,
            "position": self.position.number,
            "commissionable": self.commissionable.data,
            "hold_days": self.hold_days.number,
            "vesting": self.vesting.data,
            "validity_days": self.validity_days.number,
            "uses": self.uses.number,
            "forfeit_unused": self.forfeit_unused.data,
            "renewal_group": self.renewal_group.data or None,
            "renewal_months": self.renewal_months.number,
            "refund_window_days": self.refund_window_days.number,
            "hue": int(self.hue.data),
            "motif": self.motif.data,
        }

    @staticmethod
    def shown(product: catalog.Product, sku: catalog.Sku) -> dict[str, Any]:
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
            "low_stock": str(sku.low_stock),
            "position": str(product.position),
            "commissionable": product.commissionable,
            "hold_days": _shown(product.hold_days),
            "vesting": product.vesting,
            "validity_days": _shown(product.validity_days),
            "uses": _shown(product.uses),
            "forfeit_unused": product.forfeit_unused,
            "renewal_group": product.renewal_group or "",
            "renewal_months": _shown(product.renewal_months),
            "refund_window_days": str(product.refund_window_days),
            "hue": str(product.hue),
            "motif": product.motif,
        }


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)
