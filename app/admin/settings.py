"""Settings: the page from which each of them is reached, with what is set now."""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from app import catalog, outbox, payments, shop
from app.admin import permissions
from app.admin.tongues import OFFERS
from app.db import db
from app.display import settings

pages = Blueprint("settings", __name__, url_prefix="/settings")


@dataclass(frozen=True)
class Door:
    """A page of settings: what it is about, and in a few words what is set."""

    endpoint: str
    icon: str
    label: object
    words: str

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_open(self) -> bool:
        noun = self.endpoint.split(".")[1]
        return self.endpoint in current_app.view_functions and permissions.allows(current_user.role, noun, "read")


@pages.get("", endpoint="index")
def index() -> str:
    found = [(name, [door for door in doors if door.is_open]) for name, doors in _chapters()]
    return render_template("admin/settings/index.html", chapters=[(name, doors) for name, doors in found if doors])


def _chapters() -> list[tuple[str, list[Door]]]:
    present = settings()
    channels = payments.list_offered(db.session, live=present.is_live)
    letters = [way.name for way in outbox.list_outlets(db.session) if way.enabled]
    asked = catalog.questions_of(db.session, None)
    terms = shop.latest_text(db.session, "terms")
    return [
        (
            _("The shop"),
            [
                Door("admin.profiles.edit", "shop", lazy_gettext("Profile"), present.name),
                Door("admin.looks.edit", "tag", lazy_gettext("Look"), present.accent),
                Door("admin.logos.edit", "bag", lazy_gettext("Logo"), _("yours") if present.logo else _("ours")),
                Door(
                    "admin.texts.index",
                    "orders",
                    lazy_gettext("Texts"),
                    _("Terms in version %(name)s", name=terms.name),
                ),
                Door(
                    "admin.tongues.edit",
                    "globe",
                    lazy_gettext("Languages"),
                    str(OFFERS.get(",".join(present.languages), "")),
                ),
            ],
        ),
        (
            _("Selling"),
            [
                Door("admin.modes.edit", "info", lazy_gettext("Mode"), _("Live") if present.is_live else _("Test")),
                Door(
                    "admin.channels.index",
                    "card",
                    lazy_gettext("Payment channels"),
                    _listed([one.name for one in channels]),
                ),
                Door("admin.outlets.index", "mail", lazy_gettext("Mail and messengers"), _listed(letters)),
                Door(
                    "admin.questions.edit",
                    "menu",
                    lazy_gettext("Order form"),
                    _listed([one.label_zh or one.label_en for one in asked]),
                ),
                Door(
                    "admin.limits.edit",
                    "clock",
                    lazy_gettext("Limits"),
                    _("%(minutes)s minutes to pay", minutes=present.order_minutes),
                ),
            ],
        ),
        (
            _("Distribution"),
            [
                Door("admin.rates.edit", "percent", lazy_gettext("Rates and tiers"), ""),
                Door(
                    "admin.bounds.edit",
                    "share",
                    lazy_gettext("Commission and payouts"),
                    _("held for %(days)s days", days=present.hold_days),
                ),
            ],
        ),
        (
            _("Safety"),
            [
                Door(
                    "admin.security.edit",
                    "shield",
                    lazy_gettext("Security"),
                    _("%(minutes)s minutes without a click", minutes=present.staff_idle_minutes),
                ),
                Door("admin.people.index", "people", lazy_gettext("People"), ""),
                Door("admin.api_keys.index", "key", lazy_gettext("API keys"), ""),
            ],
        ),
    ]


def _listed(names: list[str]) -> str:
    return "、".join(names[:3]) if names else _("none yet")
