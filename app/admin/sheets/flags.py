"""The flags that the list shows, with what of each order's commission waits or went."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import lazy_gettext

from app import referral
from app.admin import exporting, network_labels
from app.admin.exporting import Sheet, moment
from app.admin.flags import about, asked_state
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
    state = asked_state()
    return Sheet("flag", HEAD, _rows(state), {"state": state})


def _rows(state: str) -> Iterator[tuple[Any, ...]]:
    for found in exporting.pages(partial(referral.list_flags, db.session, state)):
        told = about(found)
        for flag in found:
            yield (
                str(network_labels.FLAGS[flag.kind]),
                str(network_labels.FLAG_STATES[flag.state]),
                told[flag.id]["number"],
                Fen(told[flag.id]["fen"]),
                moment(flag.opened_at),
            )
