"""When the provider is asked about a payment that is not known to be made: soon, and then ever more seldom, for a day."""

from collections.abc import Iterator

from sqlalchemy import Connection, bindparam, select, text

from app.clock import DAY, HOUR, MINUTE
from app.db import AnyRow, Reader, table
from app.payments.gateways import Asked
from app.payments.payment import Payment

# Seconds after the payment was opened. An order that expired meanwhile is asked about too: late money is found this way.
ASKED_AFTER_SECONDS = (30, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY)

_payments = table(Payment)
_COLUMNS = tuple(_payments.c[name] for name in ("id", "number", "channel_id", "created_at", "query_at"))
_DUE = (
    select(*_COLUMNS)
    .where(_payments.c.channel_id == bindparam("channel_id"), _payments.c.query_at <= bindparam("now"))
    .order_by(_payments.c.query_at)
    .limit(bindparam("most"))
)
_CLAIM = text(
    "UPDATE payment SET query_at = :next_at WHERE id = :id AND state = 'pending' AND query_at = :query_at RETURNING id"
)
_ASK = text("UPDATE payment SET query_at = :at WHERE id = :id AND state = 'pending'")
_LEAVE = text("UPDATE payment SET query_at = NULL WHERE number = :number")
_ASKED_ABOUT = text("SELECT number AS payment_number, method, reference FROM payment WHERE number = :number")


def next_asking(created_at: int, now: int) -> int | None:
    """When to ask next about a payment that was opened at `created_at`; None after the last time."""
    return next((created_at + after for after in ASKED_AFTER_SECONDS if created_at + after > now), None)


def due_queries(connection: Reader, channel_id: int, now: int, most: int) -> list[AnyRow]:
    """The channel's payments to ask about now: id, number, channel_id, created_at, query_at."""
    return list(connection.execute(_DUE, {"channel_id": channel_id, "now": now, "most": most}))


def claim_query(tx: Connection, payment: AnyRow, now: int) -> bool:
    """Take the asking for oneself, and put the next one on the list; False when another worker did, or it is paid."""
    next_at = next_asking(payment.created_at, now)
    values = {"id": payment.id, "query_at": payment.query_at, "next_at": next_at}
    return tx.execute(_CLAIM, values).first() is not None


def ask_later(tx: Connection, payment_id: int, at: int) -> None:
    """Let the worker ask the gateway about an unpaid payment at `at`."""
    tx.execute(_ASK, {"id": payment_id, "at": at})


def asked_about(connection: Reader, number: str, now: int) -> Asked:
    """What the provider has to be told when it is asked about a payment of ours."""
    return Asked(**connection.execute(_ASKED_ABOUT, {"number": number}).mappings().one(), now=now)


def stop_asking(tx: Connection, number: str) -> None:
    """The gateway gave an answer that counts; asking again would only repeat it."""
    tx.execute(_LEAVE, {"number": number})


def unpaid_since(
    connection: Reader, since: int, *, channel_id: int | None = None, batch: int = 100
) -> Iterator[list[AnyRow]]:
    """Every payment opened since then that is not paid, in batches: id, number, channel_id, created_at, and what is due.

    Payments that are paid while the batches go by are passed over.
    """
    wanted = select(*_COLUMNS, _payments.c.amount_fen)
    wanted = wanted.where(_payments.c.state == "pending", _payments.c.created_at >= since)
    if channel_id is not None:
        wanted = wanted.where(_payments.c.channel_id == channel_id)
    last_at, last_id = since, 0
    while True:
        after = (_payments.c.created_at > last_at) | ((_payments.c.created_at == last_at) & (_payments.c.id > last_id))
        page = wanted.where(_payments.c.created_at >= last_at, after)
        found = list(connection.execute(page.order_by(_payments.c.created_at, _payments.c.id).limit(batch)))
        if not found:
            return
        last_at, last_id = found[-1].created_at, found[-1].id
        yield found
