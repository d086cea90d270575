"""What the merchant searches for."""

from flask import request


def words(most: int) -> str:
    """The words of `?q=`, at most so many characters; PostgreSQL takes no NUL."""
    return request.args.get("q", "").replace("\x00", "").strip()[:most]
