"""Settings: one row a key, read as one typed value; what is not set has its default (distribution 1.1)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Reader
from app.statement import Statement


class Setting(Model):
    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Settings:
    """Everything that the merchant can set. Rates of commission live in the referral room, beside their rules."""

    name: str = "藤卡小铺"
    mode: str = "test"
    support_contact: str = ""
    currency: str = "CNY"
    hold_days: int = 7
    hold_align: str = "exact"
    cookie_days: int = 30
    rebind_cooldown_days: int = 90
    touch_model: str = "last"
    free_join: bool = True
    self_bps: int = 500
    pool_bps: int = 100
    max_total_bps: int = 2500
    strict_mode: bool = False
    commission_base: str = "paid"
    margin_guard: bool = True
    tier_over_product: bool = False
    min_payout_fen: int = 1000
    payout_fee_fen: int = 0
    payout_second_admin_fen: int = 100_000
    payout_cooldown_hours: int = 72
    order_minutes: int = 15
    # What becomes of money that comes too late or twice and buys nothing any more: 'queue' or 'refund'.
    late_money: str = "queue"
    unpaid_per_contact: int = 3
    unpaid_per_address: int = 3
    terms_version: str = "2026-11"
    sample: bool = False
    sample_products: Sequence[int] = ()

    @property
    def is_live(self) -> bool:
        return self.mode == "live"


_SELECT = Statement("SELECT key, value FROM setting")
_UPSERT = text(
    "INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_KNOWN = frozenset(field.name for field in fields(Settings))


def read_settings(connection: Reader) -> Settings:
    values: dict[str, Any] = {row.key: json.loads(row.value) for row in _SELECT.run(connection) if row.key in _KNOWN}
    return Settings(**values)


def change_settings(tx: Connection, **changes: Any) -> None:
    """Save the named settings; the caller has checked their values."""
    assert changes.keys() <= _KNOWN, f"unknown settings {changes.keys() - _KNOWN}"
    tx.execute(_UPSERT, [{"key": key, "value": json.dumps(value)} for key, value in changes.items()])
