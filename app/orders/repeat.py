"""One sending of one form makes one order, however often it arrives (an idempotency key)."""

import hmac

from sqlalchemy import Connection, bindparam, select

from app import vault
from app.db import table, take_turns
from app.errors import N_, Refusal
from app.orders.order import Order

_orders = table(Order)


class KeyReused(Refusal):
    """The form was sent before with other content."""

    status = 409


_BY_KEY = select(_orders.c.id, _orders.c.number, _orders.c.secret_sealed, _orders.c.request_hash).where(
    _orders.c.idempotency_key == bindparam("key")
)


def find_by_key(tx: Connection, key: str | None, request_hash: bytes) -> tuple[str, str] | None:
    """(number, secret) of the order that this very form made before. Raises KeyReused if it then said something else."""
    if not key:
        return None
    # Of two clicks at once the second waits here, and then finds the order of the first.
    take_turns(tx, f"order:{key}")
    row = tx.execute(_BY_KEY, {"key": key}).first()
    if row is None:
        return None
    if not hmac.compare_digest(row.request_hash, request_hash):
        raise KeyReused(
            N_("This form was sent before with other content. Please check your order once more and send it again.")
        )
    return row.number, vault.open_sealed(row.secret_sealed, f"orders:{row.number}:secret")
