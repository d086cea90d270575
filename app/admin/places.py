"""The places of the desk, in groups, as the sidebar shows them to a role."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import lazy_gettext
from flask_login import current_user

from app.admin import permissions


@dataclass(frozen=True)
class Place:
    """A noun's first page: `key` is what a page calls `nav`, `icon` a symbol of the sprite."""

    key: str
    endpoint: str
    icon: str
    label: object

    @property
    def noun(self) -> str:
        return self.endpoint.split(".")[1]

    @property
    def url(self) -> str:
        return url_for(self.endpoint)


GROUPS = (
    ("", (Place("home", "admin.home.index", "home", lazy_gettext("Home")),)),
    (
        lazy_gettext("Sell"),
        (
            Place("orders", "admin.orders.index", "orders", lazy_gettext("Orders")),
            Place("products", "admin.products.index", "bag", lazy_gettext("Products")),
            Place("stock", "admin.cards.index", "key", lazy_gettext("Codes")),
            Place("categories", "admin.categories.index", "tag", lazy_gettext("Categories")),
            Place("disputes", "admin.disputes.index", "scales", lazy_gettext("Disputes")),
            Place("messages", "admin.messages.index", "mail", lazy_gettext("Messages")),
        ),
    ),
    (
        lazy_gettext("Money"),
        (
            Place("notices", "admin.notices.index", "download", lazy_gettext("Payment inbox")),
            Place("payouts", "admin.payouts.index", "card", lazy_gettext("Payouts")),
        ),
    ),
    (
        lazy_gettext("Distribution"),
        (
            Place("nodes", "admin.nodes.index", "share", lazy_gettext("Network")),
            Place("claims", "admin.claims.index", "scales", lazy_gettext("Claims")),
            Place("flags", "admin.flags.index", "shield", lazy_gettext("Flags")),
            Place("rates", "admin.rates.edit", "percent", lazy_gettext("Rates")),
            Place("reports", "admin.reports.index", "info", lazy_gettext("Compliance")),
        ),
    ),
    (
        lazy_gettext("Shop"),
        (
            Place("settings", "admin.settings.index", "settings", lazy_gettext("Settings")),
            Place("channels", "admin.channels.index", "card", lazy_gettext("Payment channels")),
            Place("people", "admin.people.index", "people", lazy_gettext("People")),
            Place("entries", "admin.entries.index", "clock", lazy_gettext("Audit log")),
            Place("backups", "admin.backups.index", "download", lazy_gettext("Backups")),
            Place("doctor", "admin.doctor.index", "check", lazy_gettext("Check-up")),
        ),
    ),
)
ARBITRATION = (("", (Place("arbitration", "arbitration.disputes.index", "scales", lazy_gettext("Disputes")),)),)


def shown() -> list[tuple[object, list[Place]]]:
    """The groups and places that whoever is logged in may read."""
    if current_user.is_arbitrator:
        return [(name, list(places)) for name, places in ARBITRATION]
    known = current_app.view_functions
    groups = [
        (
            name,
            [
                place
                for place in places
                if place.endpoint in known and permissions.allows(current_user.role, place.noun, "read")
            ],
        )
        for name, places in GROUPS
    ]
    return [(name, places) for name, places in groups if places]
