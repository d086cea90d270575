"""A message to the world outside, written in the transaction that gives rise to it and sent by the worker, never by a request."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, CheckConstraint, Connection, Index, Integer, String, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table

_PENDING = text("state = 'pending'")


class Message(Model):
    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'done', 'failed')", name="state"),
        Index("ix_message_due", "kind", "next_at", sqlite_where=_PENDING, postgresql_where=_PENDING),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[int | None] = mapped_column(BigInteger)
    # Set while somebody sends it: one that stays so was being sent when its worker died.
    claimed_at: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[int | None] = mapped_column(BigInteger)


_messages = table(Message)
_PUT = text(
    "INSERT INTO message (kind, subject, state, attempts, next_at, reason, created_at) "
    "VALUES (:kind, :subject, 'pending', 0, :now, '', :now) ON CONFLICT (subject) DO NOTHING"
)
_CLAIM = text(
    "UPDATE message SET attempts = attempts + 1, claimed_at = :now, next_at = :until "
    "WHERE id = :id AND state = 'pending' AND next_at <= :now"
)
_PUT_OFF = text(
    "UPDATE message SET reason = :reason, next_at = :next_at, claimed_at = NULL WHERE id = :id AND state = 'pending'"
)
_SETTLE = text(
    "UPDATE message SET state = :state, reason = :reason, next_at = NULL, settled_at = :now "
    "WHERE id = :id AND state = 'pending'"
)


def put(tx: Connection, kind: str, subject: str, now: int) -> None:
    """Write a message, once a subject."""
    tx.execute(_PUT, {"kind": kind, "subject": subject, "now": now})


def due(connection: Reader, kind: str, now: int, limit: int = 20) -> list[AnyRow]:
    """The messages of a kind that want to be sent now: id, subject, attempts, created_at, and claimed_at.

    Where claimed_at is set, somebody began to send the message and never came back: whether it was sent is not known.
    """
    columns = (_messages.c[name] for name in ("id", "subject", "attempts", "created_at", "claimed_at"))
    # The literal text of the index, not a bound value, or it is not known for the same.
    wanted = select(*columns).where(_messages.c.kind == kind, _PENDING, _messages.c.next_at <= now)
    return list(connection.execute(wanted.order_by(_messages.c.next_at).limit(limit)))


def claim(tx: Connection, message_id: int, now: int, lease_seconds: int) -> bool:
    """Take a message for oneself before it is sent: of two workers, one gets True. After the lease it is due again."""
    return tx.execute(_CLAIM, {"id": message_id, "now": now, "until": now + lease_seconds}).rowcount == 1


def put_off(tx: Connection, message_id: int, reason: str, next_at: int) -> None:
    """It was not sent, and why: try again at `next_at`."""
    tx.execute(_PUT_OFF, {"id": message_id, "reason": reason[:300], "next_at": next_at})


def settle(tx: Connection, message_id: int, state: str, reason: str, now: int) -> bool:
    """The message was sent ('done'), or never will be ('failed'). False when that was said before."""
    values = {"id": message_id, "state": state, "reason": reason[:300], "now": now}
    return tx.execute(_SETTLE, values).rowcount == 1


def take_up(tx: Connection, message_id: int) -> bool:
    """Forget a message that is acted on in this very transaction: of two who bring it, one gets True."""
    return tx.execute(delete(_messages).where(_messages.c.id == message_id)).rowcount == 1


def is_pending(connection: Reader, subject: str) -> bool:
    """Whether a message of this subject still has to be sent, or to be heard of."""
    known = select(_messages.c.id).where(_messages.c.subject == subject, _messages.c.state == "pending")
    return connection.execute(known).first() is not None


def reasons(connection: Reader, subjects: Sequence[str]) -> dict[str, str]:
    """subject -> what was said of its message last, where something was: why it has to wait, or was refused."""
    said = select(_messages.c.subject, _messages.c.reason).where(_messages.c.subject.in_(subjects))
    return {row.subject: row.reason for row in connection.execute(said.where(_messages.c.reason != ""))}
