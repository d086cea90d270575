"""The log as it is read: by who, what, about what and when, the latest first."""

from dataclasses import dataclass

from sqlalchemy import select, text

from app.audit.entry import Entry
from app.audit.origin import Origin
from app.db import Reader, Session

# Each act once, by leaps along its index: reading every entry for its act would take as long as the log is.
_ACTS = text(
    "WITH RECURSIVE known (act) AS (SELECT min(act) FROM audit_entry UNION ALL "
    "SELECT (SELECT min(act) FROM audit_entry WHERE act > known.act) FROM known WHERE known.act IS NOT NULL) "
    "SELECT act FROM known WHERE act IS NOT NULL"
)


@dataclass(frozen=True)
class Filter:
    """What is looked for; what is None does not matter. `account_id` 0 is the shop itself: the console and the worker."""

    account_id: int | None = None
    act: str | None = None
    # "product:12", or "product" for all of them.
    subject: str | None = None
    since: int | None = None
    until: int | None = None


def list_entries(
    session: Session, wanted: Filter, *, before: int | None = None, limit: int = 30
) -> tuple[list[tuple[Entry, str, str]], int | None]:
    """A page of (entry, address, agent), and the number below which the next page begins; where an entry came from is
    forgotten after 180 days."""
    found = select(Entry, Origin.address, Origin.agent).join(Origin, Origin.entry_id == Entry.id, isouter=True)
    if wanted.account_id is not None:
        found = found.where(Entry.account_id == wanted.account_id if wanted.account_id else Entry.account_id.is_(None))
    if wanted.act:
        found = found.where(Entry.act == wanted.act)
    if wanted.subject:
        whole = Entry.subject == wanted.subject
        found = found.where(whole if ":" in wanted.subject else whole | Entry.subject.startswith(f"{wanted.subject}:"))
    if wanted.since is not None:
        found = found.where(Entry.happened_at >= wanted.since)
    if wanted.until is not None:
        found = found.where(Entry.happened_at < wanted.until)
    if before is not None:
        found = found.where(Entry.id < before)
    rows = [
        (entry, address or "", agent or "")
        for entry, address, agent in session.execute(found.order_by(Entry.id.desc()).limit(limit + 1))
    ]
    return rows[:limit], rows[limit - 1][0].id if len(rows) > limit else None


def known_acts(connection: Reader) -> list[str]:
    """Every act that is in the log."""
    return list(connection.execute(_ACTS).scalars())


def find_entry(session: Session, entry_id: int) -> Entry | None:
    return session.get(Entry, entry_id)
