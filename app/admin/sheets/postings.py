"""One person's statement that the list shows: one bucket, with the balance after each posting."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import request
from flask_babel import lazy_gettext

from app import ledger
from app.admin import exporting
from app.admin import network_labels as labels
from app.admin.exporting import Sheet, moment
from app.admin.postings import Asked, about, asked, disputes_of, orders_of
from app.db import db
from app.sheet import Fen

HEAD = (
    lazy_gettext("When"),
    lazy_gettext("What for"),
    lazy_gettext("Order"),
    lazy_gettext("Payout or dispute"),
    lazy_gettext("Amount, yuan"),
    lazy_gettext("Balance, yuan"),
)


def sheet() -> Sheet:
    wanted = asked(request.args.get("pid", ""))
    told = {"pid": wanted.node.pid, "part": wanted.part, "bucket": wanted.bucket}
    return Sheet("posting", HEAD, _rows(wanted), told)


def _rows(wanted: Asked) -> Iterator[tuple[Any, ...]]:
    kind = labels.BUCKETS[wanted.bucket][0]
    for page in exporting.pages(partial(ledger.list_postings, db.session, kind, wanted.part)):
        disputes, numbers = disputes_of(page), orders_of(page)
        for one in page:
            what, number = about(one.key)
            yield (
                moment(one.happened_at),
                str(labels.POSTINGS.get(one.kind, one.kind)),
                numbers.get(one.key, ""),
                number if what == "payout" else disputes.get(number, "") if what else "",
                Fen(one.amount_fen),
                Fen(one.balance_fen),
            )
