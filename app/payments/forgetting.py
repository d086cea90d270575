"""What is forgotten of notices: their words after 180 days. The verdict stays, and a hash by which the words can be known again."""

import hashlib

from sqlalchemy import Connection, bindparam, select, update

from app.clock import DAY
from app.db import AnyRow, table
from app.payments.notice import KeptNotice

WORDS_DAYS = 180
BATCH = 500
_notices = table(KeptNotice)
# Notices are numbered as they come, so the first that is young ends what has to be looked at.
_FIRST_YOUNG = (
    select(_notices.c.id).where(_notices.c.received_at >= bindparam("before")).order_by(_notices.c.id).limit(1)
)
_OLD = select(_notices).where(_notices.c.words_hash.is_(None)).order_by(_notices.c.id).limit(BATCH)
_CLEAR = (
    update(_notices)
    .where(_notices.c.id == bindparam("notice_id"))
    .values(query=b"", body=b"", headers="", address="", words_hash=bindparam("hash"))
)


def hash_words(row: AnyRow) -> bytes:
    """The SHA-256 of a notice as it came: method, type, signed headers, query and body, a line each."""
    head = f"{row.method}\n{row.content_type}\n{row.headers}\n".encode()
    return hashlib.sha256(head + bytes(row.query) + b"\n" + bytes(row.body)).digest()


def forget_words(tx: Connection, now: int) -> int:
    """Clear the words of a batch of notices that are older than 180 days; how many there were."""
    young = tx.execute(_FIRST_YOUNG, {"before": now - WORDS_DAYS * DAY}).scalar()
    old = _OLD if young is None else _OLD.where(_notices.c.id < young)
    rows = [{"notice_id": row.id, "hash": hash_words(row)} for row in tx.execute(old)]
    if rows:
        tx.execute(_CLEAR, rows)
    return len(rows)
