"""The payouts that the list shows; where each goes stays sealed."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import lazy_gettext

from app import settlement
from app.admin import exporting, labels
from app.admin.exporting import Sheet, moment
from app.admin.payouts import asked_state
from app.db import db
from app.sheet import Fen

HEAD = (
    lazy_gettext("Payout"),
    lazy_gettext("State"),
    lazy_gettext("Amount, yuan"),
    lazy_gettext("Fee, yuan"),
    lazy_gettext("Tax, yuan"),
    lazy_gettext("Transfer"),
    lazy_gettext("Asked for on"),
    lazy_gettext("Settled on"),
)


def sheet() -> Sheet:
    state = asked_state()
    return Sheet("payout", HEAD, _rows(state), {"state": state})


def _rows(state: str | None) -> Iterator[tuple[Any, ...]]:
    for page in exporting.pages(partial(settlement.list_payouts, db.session, state=state)):
        for one in page:
            yield (
                one.number,
                str(labels.PAYOUT_STATES[one.state]),
                Fen(one.amount_fen),
                Fen(one.fee_fen),
                Fen(one.tax_fen),
                one.reference or "",
                moment(one.requested_at),
                moment(one.settled_at),
            )
