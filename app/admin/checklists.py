"""The first steps of a shop: a list on the first page that ticks itself, until all is done or the owner has seen enough of it."""

from dataclasses import dataclass

from flask import Blueprint, Response, url_for
from flask_babel import lazy_gettext

from app import shop, web
from app.admin.pulse import Pulse
from app.db import transaction
from app.display import settings
from app.noting import Line, noted

pages = Blueprint("checklists", __name__, url_prefix="/checklists")


@dataclass(frozen=True)
class Step:
    """One thing to do first, and where."""

    label: object
    words: object
    endpoint: str
    is_done: bool

    @property
    def url(self) -> str:
        return url_for(self.endpoint)


def steps_of(pulse: Pulse) -> list[Step]:
    """The steps in the order in which a shop is best set up."""
    facts = pulse.facts
    return [
        Step(
            lazy_gettext("Put a product on sale"),
            lazy_gettext("A name, a price, and what is delivered."),
            "admin.products.index",
            facts.product is not None,
        ),
        Step(
            lazy_gettext("Fill its stock"),
            lazy_gettext("Paste the codes: each is sold once."),
            "admin.products.index",
            facts.card is not None,
        ),
        Step(
            lazy_gettext("Set up a way to pay, and try it"),
            lazy_gettext("The keys of a channel were tried, or somebody paid by it."),
            "admin.channels.index",
            facts.gateway is not None,
        ),
        Step(
            lazy_gettext("Set up mail, and send a test"),
            lazy_gettext("Buyers get their orders by mail, you what happens."),
            "admin.outlets.index",
            facts.mail is not None,
        ),
        Step(
            lazy_gettext("Turn the second factor on"),
            lazy_gettext("A password alone is not enough for a shop’s keys."),
            "storefront.security.show",
            facts.factor is not None,
        ),
        Step(
            lazy_gettext("Write your terms"),
            lazy_gettext("Until then buyers read ours."),
            "admin.texts.index",
            facts.terms is not None,
        ),
        Step(
            lazy_gettext("Serve it by https"),
            lazy_gettext("Start the shop with PUBLIC_URL=https://…, behind a certificate."),
            "admin.modes.edit",
            pulse.is_https,
        ),
        Step(
            lazy_gettext("Make a backup"),
            lazy_gettext("Draw the recovery key, keep it elsewhere, and make the first one."),
            "admin.backups.index",
            pulse.has_backup,
        ),
    ]


def shown(pulse: Pulse) -> list[Step]:
    """The steps, or none: once all are done, or when the owner put the list away, it does not come back by itself."""
    if settings().checklist_over:
        return []
    steps = steps_of(pulse)
    if all(step.is_done for step in steps):
        transaction(shop.change_settings, checklist_over=True)
        return []
    return steps


@pages.post("", endpoint="create")
def create() -> Response:
    return _keep(over=False)


@pages.post("/dismissals", endpoint="destroy")
def destroy() -> Response:
    return _keep(over=True)


def _keep(*, over: bool) -> Response:
    line = Line("setting.update", "setting", was={"checklist_over": not over}, now={"checklist_over": over})
    transaction(noted(line, shop.change_settings), checklist_over=over)
    return web.go(url_for("admin.home.index"))
