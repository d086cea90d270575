"""The payment inbox that the list shows: every notice, or the queue of money that no order took."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import request
from flask_babel import lazy_gettext

from app import payments
from app.admin import exporting, labels
from app.admin.exporting import Sheet, moment
from app.admin.notices import asked
from app.db import db
from app.payments import NoticeSearch
from app.sheet import Fen

HEAD = (
    lazy_gettext("Came"),
    lazy_gettext("Verdict"),
    lazy_gettext("Told by"),
    lazy_gettext("Payment channel"),
    lazy_gettext("Payment"),
    lazy_gettext("Order"),
    lazy_gettext("Provider’s number"),
    lazy_gettext("Amount, yuan"),
)


def sheet() -> Sheet:
    if request.args.get("queue"):
        head = (*HEAD[:2], lazy_gettext("State"), *HEAD[3:])
        return Sheet("notice", head, _queue(), {"queue": 1})
    wanted, kept, _channels = asked()
    return Sheet("notice", HEAD, _rows(wanted), kept)


def _rows(wanted: NoticeSearch) -> Iterator[tuple[Any, ...]]:
    for page in exporting.pages(partial(payments.search_notices, db.session, wanted)):
        for row in page:
            notice = row.KeptNotice
            yield _told(row, notice, notice.received_at, labels.SOURCES[notice.source], row.payment_number)


def _queue() -> Iterator[tuple[Any, ...]]:
    for page in exporting.pages(partial(payments.list_strays, db.session)):
        for row in page:
            stray = row.Stray
            yield _told(row, stray, stray.opened_at, labels.STRAY_STATES[stray.state], stray.payment_number)


def _told(row: Any, one: Any, at: int, told_by: object, payment: str | None) -> tuple[Any, ...]:
    return (
        moment(at),
        str(labels.VERDICTS[one.verdict]),
        str(told_by),
        row.channel_name,
        payment or "",
        row.order_number or "",
        one.trade_number or "",
        "" if one.amount_fen is None else Fen(one.amount_fen),
    )
