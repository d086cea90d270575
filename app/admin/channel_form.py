"""The forms of channels. They check shape; what keys must be like is each gateway's to say."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, PasswordField, RadioField, SelectChoice, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.admin.forms import line
from app.fields import Form, Percent, WholeNumber


class ChannelForm(Form):
    name = line(lazy_gettext("Name"), 40, needed=True)
    position = WholeNumber(lazy_gettext("Place"), most=9999, default="0")
    fee = Percent(lazy_gettext("The provider's fee, per cent"), most_bps=1000, default="0")
    hold_days = WholeNumber(lazy_gettext("Days that commission is held at least"), most=90, blank=True)
    enabled = BooleanField(lazy_gettext("Buyers can choose it"), default=True)

    @property
    def terms(self) -> dict[str, Any]:
        """What every channel has, whatever its gateway."""
        return {
            "name": self.name.data,
            "enabled": self.enabled.data,
            "position": self.position.number,
            "fee_bps": self.fee.number,
            "hold_days": self.hold_days.number,
        }


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
    refunds = BooleanField(lazy_gettext("The provider has opened refunds through its interface for this account"))

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
            "refunds": bool(self.refunds.data),
        }
