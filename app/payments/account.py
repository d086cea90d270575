"""A merchant's account at a provider: a channel with its settings open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import vault
from app.db import AnyRow
from app.payments.gateways import GATEWAYS, Gateway, Reading
from app.payments.gateways import Notice as RawNotice
from app.payments.notice import Notice


@dataclass(frozen=True)
class Account:
    """A channel with its settings open; `is_sound` is False while its keys would not do, and then it has no route."""

    id: int
    slug: str
    name: str
    enabled: bool
    gateway: Gateway
    settings: dict[str, Any]
    fee_bps: int = 0
    hold_days: int | None = None

    @property
    def faults(self) -> dict[str, str]:
        return self.gateway.check_settings(self.settings)

    @property
    def is_sound(self) -> bool:
        return not self.faults

    @property
    def merchant(self) -> str:
        """What a notice for this account must name as its merchant."""
        return self.gateway.merchant(self.settings)

    def read(self, notice: Notice, now: int) -> Reading:
        """What the notice says, by the gateway's protocol and this account's keys. Never raises."""
        raw = RawNotice(notice.method, notice.query, notice.body, notice.content_type, notice.headers)
        return self.gateway.read(self.settings, raw, now)

    @property
    def can_refund(self) -> bool:
        """Whether money can be sent back through the provider's interface."""
        return self.is_sound and self.gateway.can_refund(self.settings)

    @property
    def methods(self) -> tuple[str, ...]:
        chosen = self.settings.get("methods") or self.gateway.methods
        return tuple(method for method in self.gateway.methods if method in chosen)


def seal_settings(slug: str, settings: Mapping[str, Any]) -> bytes:
    """The settings of a channel as its row keeps them."""
    return vault.seal(json.dumps(settings, ensure_ascii=False), f"channel:{slug}:settings")


def open_account(row: AnyRow) -> Account:
    """The account of a channel's row."""
    settings = json.loads(vault.open_sealed(row.settings_sealed, f"channel:{row.slug}:settings"))
    return Account(row.id, row.slug, row.name, row.enabled, GATEWAYS[row.gateway], settings, row.fee_bps, row.hold_days)
