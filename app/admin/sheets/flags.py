"""The flags that the list shows, with what of each order's commission waits or went."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import lazy_gettext

from app import referral
from app.admin import exporting, network_labels
from app.admin.exporting import Sheet, moment
from app.admin.flags import about, asked_state
from app.admin.search import asked_order
from app.db import db
from app.sheet import Fen

HEAD = (
    lazy_gettext("Flag"),
    lazy_gettext("State"),
    lazy_gettext("Order"),
    lazy_gettext("Commission, yuan"),
    lazy_gettext("Opened"),
)


def sheet() -> Sheet:
    state, (number, order_id) = asked_state(), asked_order()
    return Sheet("flag", HEAD, _rows(state, order_id), {"state": state, "q": number})


def _rows(state: str, order_id: int | None) -> Iterator[tuple[Any, ...]]:
    for found in exporting.pages(partial(referral.list_flags, db.session, state, order_id=order_id)):
        told = about(found)
        for flag in found:
            yield (
                str(network_labels.FLAGS[flag.kind]),
                str(network_labels.FLAG_STATES[flag.state]),
                told[flag.id]["number"],
                Fen(told[flag.id]["fen"]),
                moment(flag.opened_at),
            )
