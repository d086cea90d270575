"""What is searched for on the merchant's lists."""

from flask import request

from app import orders
from app.db import db


def words(limit: int = 254) -> str:
    """The words of `?q=`; PostgreSQL takes no NUL."""
    return request.args.get("q", "").replace("\x00", "").strip()[:limit]


def asked_order() -> tuple[str, int | None]:
    """The number of an order as `?q=` has it, and the order's id: None where nothing is asked for, 0 where there is no such order."""
    number = words(20).upper()
    return number, (orders.id_of_number(db.session, number) or 0) if number else None
