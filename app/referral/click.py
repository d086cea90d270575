"""A click: one opening of an invite link, kept so that the cookie can be checked and farms can be seen."""

from sqlalchemy import BigInteger, Boolean, Connection, ForeignKey, LargeBinary, String, insert, text
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.clock import DAY
from app.db import Model, table

ADDRESS_DAYS = 30


class Click(Model):
    __tablename__ = "click"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"), index=True)
    happened_at: Mapped[int] = mapped_column(BigInteger, index=True)
    weak: Mapped[bool] = mapped_column(Boolean)
    address_prefix: Mapped[str | None] = mapped_column(String(48))
    agent_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary)


_INSERT = insert(table(Click))
_FORGET = text(
    "UPDATE click SET address_prefix = NULL, agent_hash = NULL, device_hash = NULL "
    "WHERE happened_at < :before AND address_prefix IS NOT NULL"
)


def record_click(
    tx: Connection,
    link_id: int,
    *,
    weak: bool,
    address_prefix: str,
    agent_hash: bytes,
    device_hash: bytes | None,
    now: int,
) -> str:
    """Keep a click and return its id. `weak` marks one whose browser did not say that a person navigated."""
    click_id = vault.code(20)
    row = {"id": click_id, "link_id": link_id, "happened_at": now, "weak": weak, "address_prefix": address_prefix}
    tx.execute(_INSERT, row | {"agent_hash": agent_hash, "device_hash": device_hash})
    return click_id


def forget_addresses(tx: Connection, now: int) -> int:
    """Drop what clicks older than 30 days know of their visitor (distribution 1.20). Returns how many."""
    return tx.execute(_FORGET, {"before": now - ADDRESS_DAYS * DAY}).rowcount
