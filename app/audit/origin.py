"""Where an entry came from: apart from the entry, so that it can be forgotten while the chain of entries stays whole."""

import hashlib

from sqlalchemy import BigInteger, Connection, ForeignKey, LargeBinary, String, delete, insert
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.clock import DAY
from app.db import Model, table

KEPT_SECONDS = 180 * DAY


class Origin(Model):
    """The address and the browser of an entry, kept for 180 days; the entry holds their salted hash."""

    __tablename__ = "audit_origin"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(200))
    forget_at: Mapped[int] = mapped_column(BigInteger, index=True)


_origins = table(Origin)
_INSERT = insert(_origins)


def seal_origin(address: str, agent: str) -> tuple[bytes, bytes]:
    """A fresh salt, and the hash by which an entry is bound to where it came from."""
    salt = vault.random_bytes(16)
    return salt, hash_origin(salt, address, agent)


def hash_origin(salt: bytes, address: str, agent: str) -> bytes:
    return hashlib.sha256(salt + address.encode() + b"\n" + agent.encode()).digest()


def keep_origin(tx: Connection, entry_id: int, salt: bytes, address: str, agent: str, at: int) -> None:
    row = {"entry_id": entry_id, "salt": salt, "address": address, "agent": agent, "forget_at": at + KEPT_SECONDS}
    tx.execute(_INSERT, row)


def forget_origins(tx: Connection, now: int) -> int:
    """Forget addresses and browsers that are older than 180 days (guard, "Audit log"); how many there were."""
    return tx.execute(delete(_origins).where(_origins.c.forget_at <= now)).rowcount
