"""What every template may use: the shop, the language, filters for money and time, addresses of static files."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import format_date, format_datetime, get_locale
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from app import languages, money, referral, shop
from app.db import db

SHANGHAI = timezone(timedelta(hours=8))
_TIER = re.compile(r"tier:(\d+)")


def settings() -> shop.Settings:
    """The shop's settings, read once a request."""
    if "settings" not in g:
        g.settings = shop.read_settings(db.session)
    found: shop.Settings = g.settings
    return found


def day(instant: int) -> str:
    """An instant as a day in Shanghai, as this language writes it."""
    return format_date(datetime.fromtimestamp(instant, UTC), "medium")


def day_begins(day: date) -> int:
    """The instant at which a day begins in Shanghai."""
    return int(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).timestamp())


def moment(instant: int) -> str:
    """An instant as day and time in Shanghai, as this language writes it."""
    return format_datetime(datetime.fromtimestamp(instant, UTC), "medium")


def percent(bps: int) -> str:
    """Basis points as per cent: 1000 -> "10", 250 -> "2.5"."""
    return f"{bps / 100:g}"


def level(number: int) -> str:
    """Which of the two levels, in words."""
    return _("Level 1") if number == 1 else _("Level 2")


def tier_name(tier_id: int | None) -> str | None:
    """What the merchant calls a tier; all names are read once a request."""
    if "tier_names" not in g:
        g.tier_names = {tier.id: tier.name for tier in referral.list_tiers(db.session)}
    found: str | None = g.tier_names.get(tier_id)
    return found


def rule(name: str) -> str:
    """The rule that set a rate: the product's own, its category's, a tier's, the shop's or the built-in one."""
    scope, _colon, _id = name.partition(":")
    numbered = _TIER.search(name)
    tier = tier_name(int(numbered[1])) or "" if numbered else ""
    words = {
        "product": _("rate of the product for tier %(tier)s", tier=tier) if numbered else _("rate of the product"),
        "category": _("rate of the category"),
        "tier": _("rate of tier %(tier)s", tier=tier),
        "shop": _("rate of the shop"),
        "default": _("usual rate"),
    }[scope]
    if ":renewal" in name:
        words = _("%(rule)s, renewal", rule=words)
    if name.endswith(":margin"):
        return _("%(rule)s, cut at the margin", rule=words)
    return _("%(rule)s, cut at the cap", rule=words) if name.endswith(":capped") else words


@cache
def _version(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """The address of a static file, with its content's hash, so that it may be kept for ever."""
    assert current_app.static_folder
    return url_for("static", filename=name, v=_version(str(Path(current_app.static_folder) / name)))


def theme_url() -> str | None:
    """The style sheet of the accent that the merchant chose, None while it is the one of tokens.css."""
    accent = settings().accent
    if accent == shop.ACCENT:
        return None
    return url_for("storefront.themes.show", v=hashlib.sha256(shop.style_sheet(accent).encode()).hexdigest()[:10])


def mark_url() -> str:
    """The shop's sign: its logo, or ours in the shop's accent."""
    present = settings()
    if present.logo:
        return url_for("storefront.logos.show", digest=present.logo)
    if present.accent != shop.ACCENT:
        return url_for("storefront.marks.show", v=present.accent.removeprefix("#"))
    return static_url("img/favicon.svg")


def _offered_languages() -> Sequence[str]:
    """What the merchant lets buyers read. Whoever runs the shop reads either, and so does whoever meets a broken database."""
    if (request.blueprint or "").partition(".")[0] in ("admin", "arbitration", "links"):
        return languages.LOCALES
    try:
        return settings().languages
    except SQLAlchemyError:
        return languages.LOCALES


def _context() -> dict[str, Any]:
    config = current_app.config["SHOP"]
    return {
        "shop": settings(),
        "locale": str(get_locale()),
        "htmx": {"url": config.htmx_url, "integrity": config.htmx_integrity},
        "static_url": static_url,
        "theme_url": theme_url,
        "mark_url": mark_url,
        "offered_languages": languages.offered,
        "request_id": g.get("request_id", "-"),
    }


def register(app: Flask) -> None:
    """Give `app`'s templates their filters and what is everywhere."""
    languages.register(app, _offered_languages)
    app.context_processor(_context)
    app.add_template_filter(money.yuan, "yuan")
    app.add_template_filter(money.yuan, "fen")
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(percent)
    app.add_template_filter(level)
    app.add_template_filter(rule)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
