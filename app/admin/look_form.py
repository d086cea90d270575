"""The choice of an accent colour: some that suit most shops, or one of the merchant's own."""

from flask import request
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice, StringField

from app import colour, shop
from app.errors import N_, Refusal
from app.fields import Form

OWN = "own"
SWATCHES = {
    shop.ACCENT: lazy_gettext("Green"),
    "#0f6f8f": lazy_gettext("Teal"),
    "#1d4ed8": lazy_gettext("Blue"),
    "#4338ca": lazy_gettext("Indigo"),
    "#7c3aed": lazy_gettext("Violet"),
    "#be185d": lazy_gettext("Pink"),
    "#c0262d": lazy_gettext("Red"),
    "#a34708": lazy_gettext("Orange"),
    "#374151": lazy_gettext("Slate"),
}


class LookForm(Form):
    accent = RadioField(
        lazy_gettext("Accent colour"),
        choices=[
            *(SelectChoice(value, name) for value, name in SWATCHES.items()),
            SelectChoice(OWN, lazy_gettext("A colour of your own")),
        ],
    )
    own = StringField(lazy_gettext("A colour of your own"), render_kw={"maxlength": 7})

    def show(self, accent: str) -> None:
        """Choose what is set now."""
        self.accent.data = accent if accent in SWATCHES else OWN
        self.own.data = accent

    def chosen(self, present: str) -> str:
        """The colour, checked. Raises Refusal beside `own`, also for one that could not be read."""
        accent = pick(self.accent.data, self.own.data, present, request.form.get("own_shown"))
        if accent is None:
            raise Refusal(N_("Please write the colour like #1d4ed8."), field="own")
        shop.check_accent(accent)
        return accent


def pick(accent: str | None, own: str | None, present: str, shown: str | None = None) -> str | None:
    """The colour that is meant, None when it is none: a swatch, or one's own. Whoever changes their own from what the page showed,
    and leaves the swatch as it was, means their own."""
    untouched = (None, present, colour.parse(shown))
    is_own = accent not in SWATCHES or (accent == present and colour.parse(own) not in untouched)
    return colour.parse(own) if is_own else accent
