"""An outlet: a configured way out of the shop, such as a mail server or somebody's webhook, with its keys encrypted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Index, LargeBinary, String, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import AnyRow, Id, Model, Reader, table
from app.detail import merge
from app.errors import N_, Refusal
from app.outbox.carriers import CARRIERS, Carrier
from app.savepoint import savepoint

_IS_MAIL = text("carrier = 'mail'")
_ENABLED = text("enabled")


class Outlet(Model):
    __tablename__ = "outlet"
    __table_args__ = (
        # A buyer gets one receipt, not one from each mail server.
        Index("uq_outlet_mail", "carrier", unique=True, sqlite_where=_IS_MAIL, postgresql_where=_IS_MAIL),
        Index("ix_outlet_enabled", "enabled", sqlite_where=_ENABLED, postgresql_where=_ENABLED),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(12), unique=True)
    carrier: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(40))
    enabled: Mapped[bool] = mapped_column(Boolean)
    # The events that go out here, each between two spaces.
    topics: Mapped[str] = mapped_column(String(400))
    settings_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "outlet:{slug}:settings"})
    created_at: Mapped[int] = mapped_column(BigInteger)
    # When a test letter last went out with these very settings.
    tested_at: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Way:
    """An outlet with its settings open."""

    id: int
    slug: str
    name: str
    enabled: bool
    carrier: Carrier
    settings: dict[str, Any]
    tested_at: int | None = None

    @property
    def is_sound(self) -> bool:
        return not self.carrier.check_settings(self.settings)

    def tells(self, audience: str, event: str) -> bool:
        """Whether an event goes out here to an audience."""
        return event in self.carrier.topics(self.settings)[audience]


_outlets = table(Outlet)


def create_outlet(
    tx: Connection, *, carrier: str, name: str, settings: Mapping[str, Any], enabled: bool, now: int
) -> str:
    """Add an outlet and return its slug. Raises Refusal beside the field when something will not do."""
    slug = vault.code(12)
    row = {"slug": slug, "carrier": carrier, "name": name, "created_at": now}
    try:
        with savepoint(tx):
            tx.execute(insert(_outlets), row | _columns(slug, CARRIERS[carrier], settings, enabled))
    except IntegrityError:
        raise Refusal(N_("The shop has a mail server already. Please change that one."), field="host") from None
    return slug


def change_outlet(tx: Connection, slug: str, *, name: str, settings: Mapping[str, Any], enabled: bool) -> None:
    """Change an outlet. An empty key keeps the one that is there. Raises Refusal beside the field."""
    known = find_outlet(tx, slug)
    assert known is not None, f"no outlet {slug}"
    merged = merge(known.carrier.fields, known.settings, settings)
    values = {"name": name} | _columns(slug, known.carrier, merged, enabled)
    if merged != known.settings:
        values["tested_at"] = None
    tx.execute(update(_outlets).where(_outlets.c.slug == slug).values(**values))


def note_outlet_tested(tx: Connection, slug: str, now: int) -> None:
    """Note that a test letter was taken."""
    tx.execute(update(_outlets).where(_outlets.c.slug == slug).values(tested_at=now))


def _columns(slug: str, carrier: Carrier, settings: Mapping[str, Any], enabled: bool) -> dict[str, Any]:
    for field, message in carrier.check_settings(settings).items():
        raise Refusal(message, field=field)
    told = sorted(set().union(*carrier.topics(settings).values()))
    sealed = vault.seal(json.dumps(settings, ensure_ascii=False), f"outlet:{slug}:settings")
    return {"enabled": enabled, "topics": f" {' '.join(told)} ", "settings_sealed": sealed}


def _open(row: AnyRow) -> Way:
    try:
        settings = json.loads(vault.open_sealed(row.settings_sealed, f"outlet:{row.slug}:settings"))
    except vault.Unreadable:
        # Without the key it was sealed with it has none, and is unsound.
        settings = {}
    return Way(row.id, row.slug, row.name, row.enabled, CARRIERS[row.carrier], settings, row.tested_at)


def find_outlet(connection: Reader, slug: str) -> Way | None:
    row = connection.execute(select(_outlets).where(_outlets.c.slug == slug)).first()
    return _open(row) if row else None


def mail_outlet(connection: Reader) -> Way | None:
    """The way for mails to people of the shop's own, if mails go out."""
    row = connection.execute(select(_outlets).where(_IS_MAIL, _ENABLED)).first()
    way = _open(row) if row else None
    return way if way and way.is_sound else None


def list_outlets(connection: Reader) -> list[Way]:
    return [_open(row) for row in connection.execute(select(_outlets).order_by(_outlets.c.id))]
