"""The letters that the list shows: what was told to whom of, and what became of it; never what a letter says."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import lazy_gettext

from app import outbox
from app.admin import exporting
from app.admin.exporting import Sheet, moment
from app.admin.messages import AUDIENCES, EVENTS, STATES, asked_state
from app.db import db

HEAD = (
    lazy_gettext("Message"),
    lazy_gettext("What happened"),
    lazy_gettext("To"),
    lazy_gettext("Message channel"),
    lazy_gettext("State"),
    lazy_gettext("Attempts"),
    lazy_gettext("When"),
    lazy_gettext("Settled on"),
    lazy_gettext("Answer"),
)


def sheet() -> Sheet:
    state = asked_state()
    outlets = {way.id: way.name for way in outbox.list_outlets(db.session)}
    return Sheet("message", HEAD, _rows(state, outlets), {"state": state})


def _rows(state: str, outlets: dict[int, str]) -> Iterator[tuple[Any, ...]]:
    for page in exporting.pages(partial(outbox.list_letters, db.session, state=state or None)):
        for one in page:
            yield (
                one.number,
                str(EVENTS.get(one.event, one.event)),
                str(AUDIENCES[one.audience]),
                outlets.get(one.outlet_id, ""),
                str(STATES[one.state]),
                one.attempts,
                moment(one.happened_at),
                moment(one.settled_at),
                one.reason,
            )
