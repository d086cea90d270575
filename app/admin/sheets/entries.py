"""The audit log that the list shows."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app import audit
from app.admin import audit_labels as labels
from app.admin import exporting
from app.admin.actors import names
from app.admin.entries import asked, called, wanted
from app.admin.exporting import Sheet, moment
from app.audit import Entry
from app.db import db

HEAD = (
    lazy_gettext("No."),
    lazy_gettext("When"),
    lazy_gettext("Who"),
    lazy_gettext("What"),
    lazy_gettext("About"),
    lazy_gettext("Changes"),
    lazy_gettext("Reason"),
    lazy_gettext("From where"),
    lazy_gettext("Request"),
)


def sheet() -> Sheet:
    told = asked()
    return Sheet("entry", HEAD, _rows(told), told)


def _rows(told: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for page in exporting.pages(partial(audit.list_entries, db.session, wanted(told))):
        people = names(called(page))
        for entry, address, _agent in page:
            yield (
                entry.id,
                moment(entry.happened_at),
                people[f"account:{entry.account_id}"] if entry.account_id else _("nobody who is logged in"),
                labels.act_in_words(entry.act),
                people.get(entry.subject, entry.subject),
                "; ".join(_changes(entry)),
                entry.reason,
                address,
                entry.request_id,
            )


def _changes(entry: Entry) -> Iterator[str]:
    for name, (was, now) in entry.change.items():
        before = "" if was is None else f"{labels.value_in_words(name, was)} → "
        yield f"{labels.name_in_words(name)}: {before}{labels.value_in_words(name, now)}"
