"""The form of the account at Alipay that payouts are sent from. What its keys must be like is the provider slice's to say."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import Field, PasswordField, TextAreaField
from wtforms.validators import Length

from app.admin.forms import NEEDED, line, no_controls, strip
from app.fields import Form

MOST_CHARACTERS = 20_000


def _file(label: object) -> Field:
    """A key or certificate, pasted as it stands in its file."""
    looks = {"rows": 5, "autocomplete": "off", "spellcheck": "false"}
    rules = [Length(max=MOST_CHARACTERS), no_controls]
    return TextAreaField(label, filters=[strip], validators=rules, render_kw=looks)


class TransferForm(Form):
    app_id = line(lazy_gettext("Application id (APPID)"), 20, needed=True)
    private_key = _file(lazy_gettext("The application's private key"))
    app_certificate = _file(lazy_gettext("The application's certificate"))
    alipay_certificate = _file(lazy_gettext("Alipay's certificate"))
    root_certificate = _file(lazy_gettext("Alipay's root certificate"))
    scene = line(lazy_gettext("Scene of the transfers"), 20)
    gateway = line(lazy_gettext("Address of the interface"), 120, needed=True)
    password = PasswordField(
        lazy_gettext("Your password"), validators=[NEEDED], render_kw={"autocomplete": "current-password"}
    )

    @property
    def account(self) -> dict[str, Any]:
        """The settings that the provider slice checks."""
        return {
            name: field.data or "" for name, field in self._fields.items() if name not in ("password", "csrf_token")
        }


class PasswordForm(Form):
    password = PasswordField(
        lazy_gettext("Your password"), validators=[NEEDED], render_kw={"autocomplete": "current-password"}
    )
