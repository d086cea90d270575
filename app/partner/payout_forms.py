"""The forms of somebody who wants to be paid. They check shape; rules live in the settlement room."""

from flask_babel import lazy_gettext
from wtforms import PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length

from app.fields import Form, Yuan

METHODS = {
    "alipay": lazy_gettext("Alipay"),
    "wechat": lazy_gettext("WeChat"),
    "bank": lazy_gettext("Bank account"),
}
NEEDED = DataRequired(lazy_gettext("Please fill this in."))


class PayoutForm(Form):
    amount = Yuan(lazy_gettext("Amount, yuan"), least_fen=1)


class PayeeForm(Form):
    method = RadioField(
        lazy_gettext("How you want to be paid"),
        choices=[SelectChoice(method, label) for method, label in METHODS.items()],
        default="alipay",
    )
    name = StringField(lazy_gettext("Name that the account is in"), validators=[NEEDED, Length(max=60)])
    account = StringField(lazy_gettext("Account"), validators=[NEEDED, Length(max=160)])
    password = PasswordField(lazy_gettext("Your password"), validators=[NEEDED, Length(max=128)])
