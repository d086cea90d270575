"""The payouts that the list shows; where each goes stays sealed."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import lazy_gettext

from app import accounts, referral
from app.admin import exporting, labels
from app.admin.exporting import Sheet, moment
from app.admin.payout_search import Asked, asked, listed
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
    lazy_gettext("Public id"),
    lazy_gettext("Contact"),
)


def sheet() -> Sheet:
    wanted = asked()
    # What was searched for may be a contact, and stays out of the log.
    return Sheet("payout", HEAD, _rows(wanted), {"state": wanted.state})


def _rows(wanted: Asked) -> Iterator[tuple[Any, ...]]:
    for page in exporting.pages(partial(listed, wanted)):
        account_ids = {one.account_id for one in page}
        pids = referral.pids_of_accounts(db.session, account_ids)
        contacts = accounts.masked_contacts(db.session, list(account_ids))
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
                pids.get(one.account_id, ""),
                contacts.get(one.account_id, ""),
            )
