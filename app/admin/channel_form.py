"""The forms of channels, made from what each gateway asks for. They check shape; what keys must be like is the gateway's to say."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, RadioField, SelectChoice

from app.admin.detail_form import DetailForm, inputs_of
from app.admin.forms import line
from app.display import percent
from app.fields import Percent, WholeNumber, Yuan
from app.money import yuan
from app.payments import Gateway, Terms


class ChannelForm(DetailForm):
    """What every channel has, whatever its gateway, and behind it what the gateway asks for."""

    provider: Gateway
    position = WholeNumber(lazy_gettext("Place"), most=9999, default="0")
    fee = Percent(lazy_gettext("The provider's fee, per cent"), most_bps=1000, default="0")
    hold_days = WholeNumber(lazy_gettext("Days that commission is held at least"), most=90, blank=True)
    buyer_fee = Percent(lazy_gettext("What the buyer pays on top, per cent"), most_bps=1000, default="0")
    least = Yuan(lazy_gettext("Smallest order, yuan"), blank=True)
    most = Yuan(lazy_gettext("Largest order, yuan"), blank=True)
    devices = RadioField(
        lazy_gettext("Offered on"),
        choices=[
            SelectChoice("all", lazy_gettext("every device")),
            SelectChoice("pc", lazy_gettext("computers")),
            SelectChoice("mobile", lazy_gettext("phones")),
        ],
        default="all",
    )
    unique_amounts = BooleanField(lazy_gettext("Each open payment has an amount of its own"))
    enabled = BooleanField(lazy_gettext("Buyers can choose it"), default=True)

    @property
    def place(self) -> dict[str, Any]:
        """How the channel stands among the others."""
        return {"name": self.name.data, "enabled": self.enabled.data, "position": self.position.number}

    @property
    def terms(self) -> Terms:
        """What holds for every payment, whatever the gateway."""
        return Terms(
            fee_bps=self.fee.number,
            buyer_fee_bps=self.buyer_fee.number,
            hold_days=self.hold_days.number,
            least_fen=self.least.number,
            most_fen=self.most.number,
            devices=self.devices.data,
            unique_amounts=bool(self.unique_amounts.data),
        )

    def show(self, terms: Terms) -> None:
        """Write the terms that there are into the form."""
        self.fee.data, self.buyer_fee.data = percent(terms.fee_bps), percent(terms.buyer_fee_bps)
        self.hold_days.data = None if terms.hold_days is None else str(terms.hold_days)
        self.least.data = None if terms.least_fen is None else yuan(terms.least_fen)
        self.most.data = None if terms.most_fen is None else yuan(terms.most_fen)
        self.devices.data, self.unique_amounts.data = terms.devices, terms.unique_amounts


def form_of(gateway: Gateway) -> type[ChannelForm]:
    """The form for an account of this gateway."""
    made = {"provider": gateway, "details": gateway.fields, **inputs_of(gateway.fields)}
    return type(f"{gateway.name.title()}Form", (ChannelForm,), made)


def new_form_of(gateway: Gateway) -> type[ChannelForm]:
    """The form for a new account of this gateway."""
    slug = line(lazy_gettext("Address of callbacks"), 30, needed=True)
    return type(f"New{gateway.name.title()}Form", (form_of(gateway),), {"slug": slug})
