"""Settings: one row a key, read as one typed value; what is not set has its default (distribution 1.1)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Reader
from app.shop.look import ACCENT
from app.statement import Statement

# The version of the terms that came with the software; those that a merchant saves are counted.
FIRST_TERMS = "2026-11"


class Setting(Model):
    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Settings:
    """Everything that the merchant can set. Rates of commission live in the referral room, beside their rules."""

    # Who the shop is
    name: str = "藤卡小铺"
    support_contact: str = ""
    announcement_zh: str = ""
    announcement_en: str = ""
    accent: str = ACCENT
    # The digest of the logo that is up, by which its address changes with it.
    logo: str = ""
    # The languages that buyers are offered; the first is what they read who ask for none of them.
    languages: Sequence[str] = ("zh_CN", "en")
    mode: str = "test"
    currency: str = "CNY"
    # Whether its owner said what the shop is called, on the first pages after the start.
    described: bool = False
    # Distribution
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
    # Payouts
    min_payout_fen: int = 1000
    payout_fee_fen: int = 0
    payout_second_admin_fen: int = 100_000
    payout_cooldown_hours: int = 72
    # Orders
    order_minutes: int = 15
    # What becomes of money that comes too late or twice and buys nothing any more: 'queue' or 'refund'.
    late_money: str = "queue"
    unpaid_per_contact: int = 3
    unpaid_per_address: int = 3
    most_per_order: int = 1000
    # In ten minutes, from one address
    order_tries: int = 10
    lookup_tries: int = 10
    # Terms: the version that holds, and whether whoever buys has to accept it
    terms_version: str = FIRST_TERMS
    accept_terms: bool = False
    # Sessions, and wrong passwords of one account in a quarter of an hour
    staff_idle_minutes: int = 30
    staff_hours: int = 12
    buyer_idle_days: int = 7
    buyer_days: int = 30
    login_tries: int = 5
    staff_factor: bool = False
    # Whom backups are encrypted for, and when somebody asked for one.
    backup_recipient: str = ""
    backup_wanted_at: int = 0
    # How far the providers' clocks were ahead of this machine's, when one was heard last.
    clock_off_seconds: int = 0
    clock_heard_at: int = 0
    # The sample, until the shop goes live
    sample: bool = False
    sample_products: Sequence[int] = ()
    # Whether the list of first steps is done with.
    checklist_over: bool = False

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
