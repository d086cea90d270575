"""What is searched for on the merchant's lists."""

from flask import request


def words(limit: int = 254) -> str:
    """The words of `?q=`; PostgreSQL takes no NUL."""
    return request.args.get("q", "").replace("\x00", "").strip()[:limit]
