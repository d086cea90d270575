"""What the merchant looks for among the orders, as the address of the list says it."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy import select

from app import accounts, orders, payments, referral, stock
from app.admin.search import words
from app.catalog import Product
from app.db import db
from app.errors import Refusal
from app.orders import Wanted

LONGEST = 254
SHANGHAI = ZoneInfo("Asia/Shanghai")
STATES = (*orders.STATES, orders.UNDELIVERED, orders.REFUNDED)
_NUMBER = re.compile(r"[0-9A-Z]{16}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)


def state() -> str | None:
    found = request.args.get("state")
    return found if found in STATES else None


def day(name: str) -> str:
    """A day of the address, as its form wrote it; "" when it is none."""
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""


def slug() -> str:
    """The channel of the address; "" when it names none."""
    text = request.args.get("channel", "")
    return text if _SLUG.fullmatch(text) else ""


def upline() -> str:
    """The public id of the inviter in the address; "" when it is none."""
    text = request.args.get("upline", "").strip().upper()
    return text if _NUMBER.fullmatch(text) else ""


def _midnight(text: str, days: int = 0) -> int | None:
    if not text:
        return None
    begins = datetime.combine(date.fromisoformat(text), time(), SHANGHAI) + timedelta(days=days)
    return int(begins.timestamp())


def filters() -> dict[str, str]:
    """What stands in the address, for links and exports: only what narrows."""
    told = {"q": words(LONGEST), "state": state() or "", "since": day("since"), "until": day("until")}
    told |= {"channel": slug(), "upline": upline()}
    return {name: value for name, value in told.items() if value}


def wanted() -> Wanted:
    """The search. Words are a number, a contact, a code or a reference as a whole, or the name of a product."""
    narrowed: dict[str, Any] = {
        "state": state(),
        "since": _midnight(day("since")),
        "until": _midnight(day("until"), days=1),
    }
    return Wanted(**narrowed, **_named(words(LONGEST)), **_brought(upline()), **_through(slug()))


def _brought(pid: str) -> dict[str, Any]:
    if not pid:
        return {}
    node = referral.node_by_pid(db.session, pid)
    # Nobody is called so: an order of nobody.
    return {"upline_ids": [part.id for part in referral.parts_of(db.session, node.id)] if node else [0]}


def _through(name: str) -> dict[str, Any]:
    if not name:
        return {}
    channel = payments.channel_by_slug(db.session, name)
    return {"lead": payments.orders_through(channel.id if channel else 0)}


def _named(text: str) -> dict[str, Any]:
    if not text:
        return {}
    if _NUMBER.fullmatch(text.upper()) and orders.find_order(db.session, text.upper()):
        return {"number": text.upper()}
    try:
        return {"contact_index": accounts.read_contact(text).index}
    except Refusal:
        pass
    order_id = payments.order_of_reference(db.session, text) or stock.order_of_code(db.session, text)
    if order_id is not None:
        return {"order_id": order_id}
    named = select(Product.id).where((Product.slug == text) | Product.title.icontains(text, autoescape=True))
    product_id = db.session.scalar(named.order_by(Product.id.desc()).limit(1))
    # Nothing is called so: an order that there is not.
    return {"order_id": 0} if product_id is None else {"product_id": product_id}
