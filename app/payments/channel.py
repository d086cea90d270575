"""A channel: one configured account of a gateway, with an address of its own for callbacks and its keys encrypted."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Connection,
    Integer,
    LargeBinary,
    String,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, Reader, table
from app.detail import merge
from app.errors import N_, Refusal
from app.payments.account import Account, Terms, open_account, seal_settings
from app.payments.gateways import GATEWAYS
from app.savepoint import savepoint
from app.statement import Statement


class Channel(Model):
    __tablename__ = "channel"
    __table_args__ = (
        CheckConstraint("fee_bps BETWEEN 0 AND 1000", name="fee"),
        CheckConstraint("buyer_fee_bps BETWEEN 0 AND 1000", name="buyer_fee"),
        CheckConstraint("hold_days BETWEEN 0 AND 90", name="hold"),
        CheckConstraint("least_fen >= 0 AND most_fen >= least_fen", name="bounds"),
        CheckConstraint("devices IN ('all', 'pc', 'mobile')", name="devices"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(30), unique=True)
    gateway: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    enabled: Mapped[bool] = mapped_column(Boolean)
    position: Mapped[int] = mapped_column(Integer)
    settings_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "channel:{slug}:settings"})
    # What these say stands at `Terms`.
    fee_bps: Mapped[int] = mapped_column(Integer, default=0)
    buyer_fee_bps: Mapped[int] = mapped_column(Integer, default=0)
    hold_days: Mapped[int | None] = mapped_column(Integer)
    least_fen: Mapped[int | None] = mapped_column(BigInteger)
    most_fen: Mapped[int | None] = mapped_column(BigInteger)
    devices: Mapped[str] = mapped_column(String(8), default="all")
    unique_amounts: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[int] = mapped_column(BigInteger)
    # When the provider last said yes to these very keys.
    tested_at: Mapped[int | None] = mapped_column(BigInteger)


PLAIN = Terms()
_channels = table(Channel)
_SELECT = select(*(column for column in _channels.c if column.name not in ("position", "created_at", "tested_at")))
_BY_SLUG = Statement(_SELECT.where(_channels.c.slug == bindparam("slug")))
_BY_ID = Statement(_SELECT.where(_channels.c.id == bindparam("id")))

_OF_ORDER = text(
    "SELECT payment.channel_id FROM payment JOIN orders ON orders.id = payment.order_id WHERE orders.number = :number "
    "ORDER BY payment.id DESC LIMIT 1"
)
_PAID_THROUGH = text(
    "SELECT channel.slug FROM payment JOIN channel ON channel.id = payment.channel_id "
    "WHERE payment.order_id = :order_id AND payment.state = 'paid' ORDER BY payment.id LIMIT 1"
)


def _check(gateway: str, settings: Mapping[str, Any]) -> None:
    for field, message in GATEWAYS[gateway].check_settings(settings).items():
        raise Refusal(message, field=field)


def _columns(terms: Terms) -> dict[str, Any]:
    if terms.least_fen is not None and terms.most_fen is not None and terms.most_fen < terms.least_fen:
        raise Refusal(N_("This is less than the smallest amount."), field="most")
    return asdict(terms)


def create_channel(
    tx: Connection,
    *,
    slug: str,
    gateway: str,
    name: str,
    settings: Mapping[str, Any],
    enabled: bool,
    position: int = 0,
    terms: Terms = PLAIN,
    now: int,
) -> int:
    """Add a channel and return its id. Raises Refusal beside the field when the slug or a key will not do."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?", slug, re.ASCII):
        raise Refusal(N_("Please use small letters, digits and hyphens for the address."), field="slug")
    settings = GATEWAYS[gateway].prepare(settings)
    _check(gateway, settings)
    row = {"slug": slug, "gateway": gateway, "name": name, "enabled": enabled, "position": position, "created_at": now}
    row |= _columns(terms)
    try:
        with savepoint(tx):
            statement = insert(_channels).returning(_channels.c.id)
            return int(tx.execute(statement, row | {"settings_sealed": seal_settings(slug, settings)}).scalar_one())
    except IntegrityError:
        raise Refusal(N_("Another channel has this address already."), field="slug") from None


def change_channel(
    tx: Connection,
    slug: str,
    *,
    name: str,
    settings: Mapping[str, Any],
    enabled: bool,
    position: int = 0,
    terms: Terms = PLAIN,
) -> None:
    """Change a channel. An empty key keeps the one that is there: keys are written, never read back."""
    account = channel_by_slug(tx, slug)
    assert account is not None, f"no channel {slug}"
    settings = account.gateway.prepare(settings)
    merged = merge(account.gateway.fields, account.settings, settings)
    _check(account.gateway.name, merged)
    values = {"name": name, "enabled": enabled, "position": position, "settings_sealed": seal_settings(slug, merged)}
    values |= _columns(terms)
    if merged != account.settings:
        values["tested_at"] = None
    tx.execute(update(_channels).where(_channels.c.slug == slug).values(**values))


def note_channel_tested(tx: Connection, slug: str, now: int) -> None:
    """Note that the provider answered, and took these keys."""
    tx.execute(update(_channels).where(_channels.c.slug == slug).values(tested_at=now))


def channels_tested(connection: Reader) -> dict[str, int]:
    """slug -> when the keys of this channel last worked; keys that were changed since have to be tried anew."""
    rows = connection.execute(select(_channels.c.slug, _channels.c.tested_at).where(_channels.c.tested_at.is_not(None)))
    return {row.slug: row.tested_at for row in rows}


def channel_by_slug(connection: Reader, slug: str) -> Account | None:
    row = _BY_SLUG.run(connection, {"slug": slug}).first()
    return open_account(row) if row else None


def channel_by_id(connection: Reader, channel_id: int) -> Account:
    return open_account(_BY_ID.run(connection, {"id": channel_id}).one())


def channel_of_order(connection: Reader, order_number: str) -> Account | None:
    """The channel of the order's latest payment."""
    channel_id = connection.execute(_OF_ORDER, {"number": order_number}).scalar()
    return channel_by_id(connection, channel_id) if channel_id else None


def channel_paid(connection: Reader, order_id: int) -> str | None:
    """The slug of the channel through which the order was paid."""
    slug: str | None = connection.execute(_PAID_THROUGH, {"order_id": order_id}).scalar()
    return slug


def list_channels(connection: Reader) -> list[Account]:
    return [open_account(row) for row in connection.execute(_SELECT.order_by(_channels.c.position, _channels.c.id))]
