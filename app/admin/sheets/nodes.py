"""The people of the network that the list shows, by public id."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app import referral
from app.admin import exporting, people_search
from app.admin import network_labels as labels
from app.admin.exporting import Sheet, moment
from app.db import db
from app.display import percent
from app.sheet import Fen

HEAD = (
    lazy_gettext("Person"),
    lazy_gettext("Account"),
    lazy_gettext("Since"),
    lazy_gettext("Tier"),
    lazy_gettext("State"),
    lazy_gettext("With an open flag"),
    lazy_gettext("Sales, level 1, yuan"),
    lazy_gettext("Sales, level 2, yuan"),
    lazy_gettext("Held, yuan"),
    lazy_gettext("Available, yuan"),
    lazy_gettext("Debt, yuan"),
    lazy_gettext("Buyers"),
    lazy_gettext("Refunds"),
)


def sheet() -> Sheet:
    asked = people_search.asked()
    return Sheet("node", HEAD, _rows(asked), asked.kept | {"q": asked.words})


def _rows(asked: people_search.Asked) -> Iterator[tuple[Any, ...]]:
    for page in exporting.pages(partial(people_search.people, asked)):
        yield from _told(page)


def _told(people: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    ids = [person.id for person in people]
    figures, wallets = referral.figures_of(db.session, ids), referral.wallets_of(db.session, ids)
    flagged, tiers = referral.flagged_among(db.session, ids), people_search.tiers_of(ids)
    for person in people:
        brought, wallet = figures.get(person.id), wallets[person.id]
        yield (
            person.pid,
            _("registered") if person.account_id else _("guest"),
            moment(person.created_at),
            tiers.get(person.id, ""),
            str(labels.STATES[person.state]),
            _("yes") if person.id in flagged else _("no"),
            Fen(brought.sales_1_fen if brought else 0),
            Fen(brought.sales_2_fen if brought else 0),
            Fen(wallet.held_fen),
            Fen(wallet.available_fen),
            Fen(wallet.debt_fen),
            brought.buyers if brought else 0,
            f"{percent(brought.refund_bps)}%" if brought and brought.buyers else "",
        )
