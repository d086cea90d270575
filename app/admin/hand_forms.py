"""The forms by which the merchant takes an order in hand: it was paid after all, it is delivered now, a code is replaced."""

from flask_babel import lazy_gettext
from wtforms import PasswordField, SelectField

from app import orders, stock
from app.admin.forms import NEEDED, line
from app.db import db
from app.fields import Form


class ConfirmationForm(Form):
    reference = line(lazy_gettext("Number of the transfer at the provider"), 64, needed=True)
    note = line(lazy_gettext("How you know that it was paid"), 200, needed=True)
    password = PasswordField(
        lazy_gettext("Your password"), validators=[NEEDED], render_kw={"autocomplete": "current-password"}
    )


class DeliveryForm(Form):
    reason = line(lazy_gettext("Note"), 200, needed=True)


class ReplacementForm(Form):
    # What can be chosen is checked by the act, which says why a code cannot be replaced any more.
    card = SelectField(lazy_gettext("Which code"), validate_choice=False)
    reason = line(lazy_gettext("What is wrong with it"), 200, needed=True)

    @property
    def card_id(self) -> int:
        text = self.card.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def hand_form(order: orders.Order) -> Form | None:
    """The form that fits the order now: one that was not paid, one that was not delivered, or one with codes."""
    if order.state != "paid":
        return ConfirmationForm(formdata=None)
    if not any(orders.refundable(db.session, order.id).values()):
        return None
    return (
        DeliveryForm(formdata=None)
        if order.delivered_at is None
        else offer_cards(ReplacementForm(formdata=None), order)
    )


def offer_cards(form: ReplacementForm, order: orders.Order) -> ReplacementForm:
    """Offer the codes of the order, masked, each with its place: two may look the same."""
    sold = [card for card in stock.cards_of_order(db.session, order.id) if card.state == "sold"]
    masked = stock.masked_codes(db.session, [card.id for card in sold])
    form.card.choices = [
        (
            str(card.id),
            lazy_gettext("%(code)s (code %(number)s of %(all)s)", code=masked[card.id], number=place, all=len(sold)),
        )
        for place, card in enumerate(sold, 1)
    ]
    return form
