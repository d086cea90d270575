"""What every template may use: the shop, the language, filters for money and time, addresses of static files."""

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, url_for
from flask_babel import format_date, format_datetime, get_locale

from app import money, shop
from app.db import db


def settings() -> shop.Settings:
    """The shop's settings, read once a request."""
    if "settings" not in g:
        g.settings = shop.read_settings(db.session)
    found: shop.Settings = g.settings
    return found


def day(instant: int) -> str:
    """An instant as a day in Shanghai, as this language writes it."""
    return format_date(datetime.fromtimestamp(instant, UTC), "medium")


def moment(instant: int) -> str:
    """An instant as day and time in Shanghai, as this language writes it."""
    return format_datetime(datetime.fromtimestamp(instant, UTC), "medium")


def percent(bps: int) -> str:
    """Basis points as per cent: 1000 -> "10", 250 -> "2.5"."""
    return f"{bps / 100:g}"


@cache
def _version(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """The address of a static file, with its content's hash, so that it may be kept for ever."""
    assert current_app.static_folder
    return url_for("static", filename=name, v=_version(str(Path(current_app.static_folder) / name)))


def _context() -> dict[str, Any]:
    config = current_app.config["SHOP"]
    return {
        "shop": settings(),
        "locale": str(get_locale()),
        "htmx": {"url": config.htmx_url, "integrity": config.htmx_integrity},
        "static_url": static_url,
        "request_id": g.get("request_id", "-"),
    }


def register(app: Flask) -> None:
    """Give `app`'s templates their filters and what is everywhere."""
    app.context_processor(_context)
    app.add_template_filter(money.yuan, "yuan")
    app.add_template_filter(money.yuan, "fen")
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(percent)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
