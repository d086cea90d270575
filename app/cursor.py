"""Where a list goes on: the last id of a page, signed, so that nobody sees it or has to check what comes back."""

from flask import request

from app import vault


def read_cursor(name: str) -> int | None:
    """The id that this request's page begins below; a cursor that is not ours means the first page."""
    match vault.unsign(f"cursor:{name}", request.args.get("before")):
        case int(last_id):
            return last_id
    return None


def read_pair(name: str) -> tuple[int, int] | None:
    """Where a page begins that is kept by two whole numbers, such as an amount and the id below it."""
    match vault.unsign(f"cursor:{name}", request.args.get("before")):
        case [int(value), int(last_id)]:
            return value, last_id
    return None


def write_pair(name: str, pair: tuple[int, int] | None) -> str | None:
    """The text that stands in the address of the next page of such a list."""
    return vault.sign(f"cursor:{name}", list(pair)) if pair else None


def write_cursor(name: str, last_id: int | None) -> str | None:
    """The text that stands in the address of the next page."""
    return vault.sign(f"cursor:{name}", last_id) if last_id else None
