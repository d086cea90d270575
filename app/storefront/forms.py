"""The forms of the storefront. They check shape; rules live in the rooms."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from app.display import percent, settings
from app.fields import Form, WholeNumber
from app.payments import Account

METHOD_NAMES = {
    "alipay": lazy_gettext("Alipay"),
    "wxpay": lazy_gettext("WeChat Pay"),
    "qqpay": lazy_gettext("QQ Wallet"),
    "bank": lazy_gettext("Bank transfer"),
    "stripe": lazy_gettext("Bank card and more"),
    "balance": lazy_gettext("Balance"),
    "usdt": lazy_gettext("USDT"),
}
NEEDED = InputRequired(lazy_gettext("Please fill this in."))


class WayForm(Form):
    """A choice among the channels and their methods."""

    gateway = RadioField(lazy_gettext("Pay with"), validate_choice=False)

    def offer(self, channels: Sequence[Account], but: str | None = None) -> None:
        """Let the buyer choose among `channels` and their methods, but for one such as "epay:alipay"."""
        ways = ((channel, method, f"{channel.slug}:{method}") for channel in channels for method in channel.methods)
        self.gateway.choices = [(way, self._label(channel, method)) for channel, method, way in ways if way != but]
        if self.gateway.data is None and self.gateway.choices:
            self.gateway.data = self.gateway.choices[0][0]

    @staticmethod
    def _label(channel: Account, method: str) -> str:
        name = str(METHOD_NAMES[method])
        if channel.terms.buyer_fee_bps:
            name = _("%(method)s, plus %(percent)s%%", method=name, percent=percent(channel.terms.buyer_fee_bps))
        return _("%(method)s (test)", method=name) if channel.is_test else name

    @property
    def chosen(self) -> tuple[str, str | None]:
        """(channel slug, method); a bare slug means the channel's first method."""
        slug, _colon, method = (self.gateway.data or "").partition(":")
        return slug, method or None


class OrderForm(WayForm):
    """One order of one SKU. Prices are not in it: they come from the server; `seen_price_fen` only tells what was shown."""

    sku = HiddenField(validators=[NEEDED, Length(max=20)])
    quantity = WholeNumber(lazy_gettext("Quantity"), least=1, most=9999)
    contact = StringField(lazy_gettext("E-mail or phone"), validators=[NEEDED, Length(max=254)])
    key = HiddenField(validators=[Length(max=64)])
    accept = StringField(validators=[Length(max=20)])
    seen_price_fen = HiddenField()
    seen_discount_bps = HiddenField()

    @property
    def seen(self) -> dict[str, int | None]:
        """The unit price and the discount that the page showed; what is no number was not shown."""
        return {field.name: _number(field.data) for field in (self.seen_price_fen, self.seen_discount_bps)}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


class BalanceForm(Form):
    """To pay from one's balance."""

    password = PasswordField(lazy_gettext("Your password"), validators=[NEEDED])


class LookupForm(Form):
    """To open an order elsewhere: its number and its secret, both; neither alone opens anything."""

    number = StringField(lazy_gettext("Order number"), validators=[NEEDED, Length(max=300)])
    secret = StringField(lazy_gettext("Order key"), validators=[NEEDED, Length(max=300)])


class LoginForm(Form):
    contact = StringField(lazy_gettext("E-mail or phone"), validators=[NEEDED, Length(max=254)])
    password = PasswordField(lazy_gettext("Password"), validators=[NEEDED])
    next = HiddenField()


class RegistrationForm(Form):
    contact = StringField(lazy_gettext("E-mail or phone"), validators=[NEEDED, Length(max=254)])
    password = PasswordField(lazy_gettext("Password"), validators=[NEEDED])
    next = HiddenField()


class PasswordForm(Form):
    current = PasswordField(lazy_gettext("Present password"), validators=[NEEDED])
    password = PasswordField(lazy_gettext("New password"), validators=[NEEDED])


def accepts_terms(form: OrderForm) -> bool:
    """Whether the terms that hold were accepted, where the merchant wants that. The box names the version beside it."""
    if not settings().accept_terms or form.accept.data == settings().terms_version:
        return True
    form.accept.errors = [_("Please accept the terms to buy here.")]
    return False
