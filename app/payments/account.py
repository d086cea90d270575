"""A merchant's account at a provider: a channel with its settings open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from app import vault
from app.db import AnyRow
from app.payments.gateways import GATEWAYS, Gateway, Inside, Reading
from app.payments.gateways import Notice as RawNotice
from app.payments.notice import Notice

DEVICES = ("all", "pc", "mobile")


@dataclass(frozen=True)
class Terms:
    """What holds for every payment through a channel, whatever its gateway."""

    # What the provider keeps of each payment, and what the buyer pays on top of the order for it.
    fee_bps: int = 0
    buyer_fee_bps: int = 0
    # Commission on what is paid here is held so long at least: where payments are disputed late.
    hold_days: int | None = None
    least_fen: int | None = None
    most_fen: int | None = None
    devices: str = "all"
    # Each open payment asks for an amount of its own, so that money can be told by its amount.
    unique_amounts: bool = False

    def takes(self, total_fen: int) -> bool:
        """Whether an order of this total may be paid here."""
        return (self.least_fen or 0) <= total_fen and (self.most_fen is None or total_fen <= self.most_fen)

    def works_on(self, device: str) -> bool:
        """Whether it is offered on a device: 'pc', 'mobile' or 'wechat'."""
        return self.devices == "all" or (self.devices == "pc") == (device == "pc")

    def surcharge_fen(self, total_fen: int) -> int:
        """What the buyer pays on top; a part of a fen is a fen."""
        return -(-total_fen * self.buyer_fee_bps // 10000)


@dataclass(frozen=True)
class Account:
    """A channel with its settings open; `is_sound` is False while its keys would not do, and then it has no route."""

    id: int
    slug: str
    name: str
    enabled: bool
    gateway: Gateway
    settings: dict[str, Any]
    terms: Terms = Terms()

    @property
    def faults(self) -> dict[str, str]:
        return self.gateway.check_settings(self.settings)

    @property
    def is_sound(self) -> bool:
        return not self.faults

    @property
    def is_test(self) -> bool:
        """Whether no real money comes by it: the test gateway, or keys for the test mode of a provider that has one."""
        has_test_keys = getattr(self.gateway, "has_test_keys", None)
        return self.gateway.is_test or (has_test_keys is not None and has_test_keys(self.settings))

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
    def pays_inside(self) -> bool:
        """Whether a payment opens by itself in the browser of the provider's app."""
        return isinstance(self.gateway, Inside) and self.gateway.pays_inside(self.settings)

    @property
    def methods(self) -> tuple[str, ...]:
        chosen = self.settings.get("methods") or self.gateway.methods
        return tuple(method for method in self.gateway.methods if method in chosen)


def seal_settings(slug: str, settings: Mapping[str, Any]) -> bytes:
    """The settings of a channel as its row keeps them."""
    return vault.seal(json.dumps(settings, ensure_ascii=False), f"channel:{slug}:settings")


def open_account(row: AnyRow) -> Account:
    """The account of a channel's row. Without the key that its settings were sealed with, it has none, and is unsound."""
    try:
        settings = json.loads(vault.open_sealed(row.settings_sealed, f"channel:{row.slug}:settings"))
    except vault.Unreadable:
        settings = {}
    terms = Terms(**{one.name: getattr(row, one.name) for one in fields(Terms)})
    return Account(row.id, row.slug, row.name, row.enabled, GATEWAYS[row.gateway], settings, terms)
