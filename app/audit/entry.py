"""An entry of the audit log: who did what to what, when and why, and what it changed from what to what (guard, "Audit log").

Each entry holds the hash of the one before it. The database refuses UPDATE and DELETE; `verify_chain` shows whoever goes around it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, LargeBinary, String, Text, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.origin import keep_origin, seal_origin
from app.db import Model, Session, table, take_turns

FIRST = bytes(32)
LONGEST_REASON = 2000


@dataclass(frozen=True)
class Who:
    """Somebody who acts: an account (None: the console or the shop itself), from where, in which request, at which instant."""

    account_id: int | None
    address: str
    agent: str
    request_id: str
    at: int


class Entry(Model):
    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "id"),
        Index("ix_audit_entry_account", "account_id", "id"),
        Index("ix_audit_entry_act", "act", "id"),
        Index("ix_audit_entry_happened_at", "happened_at", "id"),
    )

    # Numbered by the chain itself, without a gap.
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    happened_at: Mapped[int] = mapped_column(BigInteger)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    was: Mapped[str] = mapped_column(Text)
    now: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(String(20))
    origin_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def change(self) -> dict[str, tuple[Any, Any]]:
        """name -> (what it was, what it is now); None where it was not there."""
        was, now = json.loads(self.was), json.loads(self.now)
        return {name: (was.get(name), now.get(name)) for name in {**was, **now}}


_entries = table(Entry)
_INSERT = insert(_entries)
_LAST = select(_entries.c.id, _entries.c.hash).order_by(_entries.c.id.desc()).limit(1)


def record(
    tx: Connection,
    who: Who,
    act: str,
    subject: str,
    *,
    was: Mapping[str, Any] | None = None,
    now: Mapping[str, Any] | None = None,
    reason: str = "",
) -> int:
    """Write down that `who` did `act` ("product.update") to `subject` ("product:12") in the transaction that does it; the entry's number.

    `was` and `now` are plain values by name; what is the same on both sides is left out. Secrets, codes and contacts never
    enter: say "changed". Call it last: the log's writers take turns from here to the commit.
    """
    before, after = was or {}, now or {}
    same = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    salt, origin_hash = seal_origin(who.address[:64], who.agent[:200])
    take_turns(tx, "audit")
    last = tx.execute(_LAST).first()
    entry_id: int = last.id + 1 if last else 1
    row = {
        "id": entry_id,
        "happened_at": who.at,
        "account_id": who.account_id,
        "act": act,
        "subject": subject,
        "was": _plain({name: value for name, value in before.items() if name not in same}),
        "now": _plain({name: value for name, value in after.items() if name not in same}),
        "reason": reason[:LONGEST_REASON],
        "request_id": who.request_id,
        "origin_hash": origin_hash,
    }
    tx.execute(_INSERT, row | {"hash": chained(last.hash if last else FIRST, row)})
    keep_origin(tx, entry_id, salt, who.address[:64], who.agent[:200], who.at)
    return entry_id


def _plain(values: Mapping[str, Any]) -> str:
    """Canonical JSON: sorted, without spaces (RFC 8785 for texts, whole numbers and truths)."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(previous: bytes, row: Mapping[str, Any]) -> bytes:
    """The hash of an entry that follows the one whose hash is `previous`."""
    told = {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(bytes(previous) + _plain(told).encode()).digest()


def entries_of(session: Session, subject: str, limit: int = 50) -> list[Entry]:
    """What was done to `subject`, the latest first."""
    return list(session.scalars(select(Entry).where(Entry.subject == subject).order_by(Entry.id.desc()).limit(limit)))
