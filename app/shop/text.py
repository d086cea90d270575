"""Texts of the shop, each in two languages and in versions that count up; a version is written once and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import BigInteger, Connection, ForeignKey, Integer, String, Text, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Model, Reader, table
from app.errors import N_, Refusal
from app.shop.setting import FIRST_TERMS, Settings, change_settings

TEXTS = ("terms", "privacy", "refunds", "notice")
LONGEST_TEXT = 20_000
# What the shop starts with. Names in braces are filled in when a text is shown.
DEFAULTS = Path(__file__).with_name("texts")
FILLED = ("shop", "contact", "order_minutes", "hold_days", "cookie_days", "buyer_days")


class ShopText(Model):
    __tablename__ = "shop_text"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[int] = mapped_column(BigInteger)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


@dataclass(frozen=True)
class Writing:
    """A version of a text; version 0 is the one that came with the software, which nobody saved."""

    kind: str
    version: int
    zh: str
    en: str
    saved_at: int | None = None

    @property
    def name(self) -> str:
        """What whoever accepts the terms is told to accept."""
        return str(self.version) if self.version else FIRST_TERMS

    def read_in(self, locale: str, settings: Settings) -> str:
        """The Markdown in a language, or in the other one where that is all there is, with its names filled in."""
        first, second = (self.zh, self.en) if locale.startswith("zh") else (self.en, self.zh)
        body = first or second
        for name, value in _values(settings).items():
            body = body.replace(f"{{{name}}}", value)
        return body


class TextChanged(Refusal):
    """Somebody else saved a version meanwhile."""

    status = 409


_texts = table(ShopText)
_SAVE = sql(
    "INSERT INTO shop_text (kind, version, zh, en, saved_at, account_id) "
    "VALUES (:kind, :version, :zh, :en, :now, :account_id) ON CONFLICT (kind, version) DO NOTHING"
)


def _values(settings: Settings) -> Mapping[str, str]:
    return {
        "shop": settings.name,
        "contact": settings.support_contact or "—",
        "order_minutes": str(settings.order_minutes),
        "hold_days": str(settings.hold_days),
        "cookie_days": str(settings.cookie_days),
        "buyer_days": str(settings.buyer_days),
    }


@cache
def default_text(kind: str) -> Writing:
    """The text that came with the software."""
    zh, en = ((DEFAULTS / f"{kind}.{tongue}.md").read_text("utf-8") for tongue in ("zh", "en"))
    return Writing(kind, 0, zh, en)


def latest_text(connection: Reader, kind: str) -> Writing:
    """The version that holds."""
    wanted = select(_texts).where(_texts.c.kind == kind).order_by(_texts.c.version.desc()).limit(1)
    row = connection.execute(wanted).first()
    return _writing(row) if row else default_text(kind)


def text_version(connection: Reader, kind: str, version: int) -> Writing | None:
    """A version that holds or once held, None if there never was one."""
    if version == 0:
        return default_text(kind)
    row = connection.execute(select(_texts).where(_texts.c.kind == kind, _texts.c.version == version)).first()
    return _writing(row) if row else None


def _writing(row: AnyRow) -> Writing:
    return Writing(row.kind, row.version, row.zh, row.en, row.saved_at)


def text_history(connection: Reader, kind: str, limit: int = 50) -> list[AnyRow]:
    """version, saved_at and account_id of what was saved, the latest first."""
    columns = (_texts.c.version, _texts.c.saved_at, _texts.c.account_id)
    return list(
        connection.execute(select(*columns).where(_texts.c.kind == kind).order_by(_texts.c.version.desc()).limit(limit))
    )


def save_text(
    tx: Connection, kind: str, *, zh: str, en: str, seen_version: int, account_id: int | None, now: int
) -> int:
    """Save the version after the one that was seen, and return its number. Raises TextChanged when that is not the last."""
    if latest_text(tx, kind).version != seen_version:
        raise TextChanged(N_("Somebody saved another version meanwhile. Please look at it first."))
    row = {"kind": kind, "version": seen_version + 1, "zh": zh, "en": en, "now": now, "account_id": account_id}
    if tx.execute(_SAVE, row).rowcount == 0:
        raise TextChanged(N_("Somebody saved another version meanwhile. Please look at it first."))
    if kind == "terms":
        # Whoever joined or bought accepted a version; who does so from now on accepts this one.
        change_settings(tx, terms_version=str(seen_version + 1))
    return seen_version + 1
