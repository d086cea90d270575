"""An event: what happened in the shop, told once to whoever listens. It is written in the transaction that brings it about."""

from sqlalchemy import Connection

from app.db import AnyRow, Reader
from app.errors import N_
from app.outbox.message import due
from app.statement import Statement

# What the shop's own systems may be told of, as docs/webhooks.openapi.json describes it: name -> what the merchant reads.
PUBLIC = {
    "order.paid": N_("an order was paid"),
    "order.delivered": N_("the goods of an order were handed over"),
    "order.refunded": N_("a refund was sent"),
    "dispute.opened": N_("a dispute was opened"),
    "commission.released": N_("commission became available"),
    "payout.paid": N_("a payout was sent"),
}
# What waits for the merchant. It is told in words only: to mailboxes and messengers.
FOR_HANDS = {
    "payment.claimed": N_("a buyer says that they have paid"),
    "payment.unmatched": N_("money came that fits no order"),
    "payout.requested": N_("somebody asks for a payout"),
    "stock.low": N_("few codes of a product are left"),
    "backup.late": N_("there was no good backup for more than a day"),
    "compliance.alert": N_("the compliance report has a new alert"),
    "message.failed": N_("a message could not be sent for days"),
    "login.failed": N_("somebody guesses passwords or codes of the shop’s people"),
}
# What only buyers or distributors are told of.
REPLACED = "card.replaced"
ACCRUED = "commission.held"
# What the holder of an account is told of it, whoever they are.
FORGOTTEN = "password.forgotten"
KIND = "event"
# An event that nobody listens to is not written.
_TELL = Statement(
    "INSERT INTO message (kind, subject, state, attempts, next_at, reason, created_at) "
    "SELECT 'event', :subject, 'pending', 0, :now, '', :now "
    # Not LIKE: with a bound pattern SQLite plans the statement anew each time.
    "WHERE EXISTS (SELECT 1 FROM outlet WHERE enabled AND replace(topics, :topic, '') <> topics) "
    "ON CONFLICT (subject) DO NOTHING"
)


def tell(tx: Connection, event: str, about: object, now: int) -> None:
    """Note that `event` happened to `about` (a row's id, or a key), once, if somebody listens."""
    _TELL.run(tx, {"subject": f"{event}:{about}", "topic": f" {event} ", "now": now})


def untold(connection: Reader, now: int, limit: int = 50) -> list[tuple[AnyRow, str, str]]:
    """Events that were not passed on yet: (message, name, what it is about), the oldest first."""
    return [(message, *message.subject.split(":", 1)) for message in due(connection, KIND, now, limit)]
