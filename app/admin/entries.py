"""The audit log: who did what, when, from where, and what it was before; and whether the log is as it was written."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.routing import BuildError

from app import accounts, audit, clock, web
from app.admin import audit_labels as labels
from app.admin.actors import names, who
from app.audit import Entry, Filter, Verdict, Who
from app.cursor import read_cursor, write_cursor
from app.db import db, snapshot, transaction
from app.display import day_begins

pages = Blueprint("entries", __name__, url_prefix="/audit")
# What has a page of its own, and how its address is called.
PAGES = {
    "product": ("admin.products.edit", "product_id"),
    "order": ("admin.orders.show", "number"),
    "payout": ("admin.payouts.show", "number"),
    "dispute": ("admin.disputes.show", "number"),
    "channel": ("admin.channels.edit", "slug"),
    "node": ("admin.nodes.show", "pid"),
}


@pages.get("", endpoint="index")
def index() -> Response:
    told = asked()
    rows, last_id = audit.list_entries(db.session, wanted(told), before=read_cursor("admin.entries"))
    staff = [person.id for person in accounts.list_staff(db.session)]
    page = render_template(
        "admin/entries/index.html",
        rows=rows,
        asked=told,
        names=names(called(rows) | {f"account:{number}" for number in staff}),
        staff=staff,
        acts=audit.known_acts(db.session),
        labels=labels,
        page_of=_page_of,
        verification=audit.last_verification(db.session),
        following=write_cursor("admin.entries", last_id),
        is_filtered=any(told.values()),
    )
    return make_response(page)


@pages.post("/verifications", endpoint="create")
def create() -> Response:
    """Look at the whole log, and keep what was found."""
    with snapshot() as connection:
        verdict = audit.examine(connection)
    transaction(_keep, verdict, who())
    return web.go(url_for("admin.entries.index"))


def _keep(tx: Connection, verdict: Verdict, who: Who) -> None:
    audit.record_verification(tx, verdict, clock.now())
    audit.record(tx, who, "log.verify", "log", now={"entries": verdict.count, "is_whole": verdict.broken is None})


def asked() -> dict[str, str]:
    """What the list's address asks for, as it was typed."""
    return {name: request.args.get(name, "").strip()[:80] for name in ("who", "act", "subject", "since", "until")}


def called(rows: Sequence[tuple[Entry, str, str]]) -> set[str]:
    """The accounts that entries are by, or about."""
    people = {f"account:{entry.account_id}" for entry, *_ in rows if entry.account_id}
    return people | {entry.subject for entry, *_ in rows if entry.subject.removeprefix("account:").isdecimal()}


def wanted(asked: dict[str, str]) -> Filter:
    number = asked["who"]
    since, until = _day(asked["since"]), _day(asked["until"])
    return Filter(
        account_id=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None,
        act=asked["act"] or None,
        subject=asked["subject"].replace("\x00", "") or None,
        since=day_begins(since) if since else None,
        until=day_begins(until + timedelta(days=1)) if until else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _page_of(entry: Entry) -> str | None:
    """The page of what an entry is about, if it has one."""
    noun, _colon, key = entry.subject.partition(":")
    endpoint, name = PAGES.get(noun, ("", ""))
    if not key or not endpoint:
        return None
    values: dict[str, Any] = {name: key}
    try:
        return url_for(endpoint, **values)
    except (BuildError, ValueError):
        return None
