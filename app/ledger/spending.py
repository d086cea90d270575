"""Entries of commission that is spent on goods: one for the sale, one for each refund. A memo counts it with what was paid out."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from app.ledger.accounts import AVAILABLE, PAID_OUT, REFUND_CLEARING, SALES, SURCHARGE, payee_account
from app.ledger.credit import credit
from app.ledger.journal import post
from app.money import allocate

_SPENT = text(
    "SELECT posting.account, posting.amount_fen FROM posting JOIN journal ON journal.id = posting.journal_id "
    "WHERE journal.key = :key AND posting.amount_fen > 0 ORDER BY posting.account"
)


def post_spent(
    tx: Connection,
    *,
    channel_slug: str,
    trade_number: str,
    parts: Mapping[str, int],
    order_fen: int,
    order_number: str,
    now: int,
) -> bool:
    """An order is paid from what its buyer has available; `parts` maps pid to fen. The payees are locked by the caller."""
    paid_fen = sum(parts.values())
    legs = {SALES: -order_fen, SURCHARGE: order_fen - paid_fen, PAID_OUT: -paid_fen}
    for pid, fen in parts.items():
        legs |= {payee_account(AVAILABLE, pid): fen, payee_account(PAID_OUT, pid): fen}
    return post(tx, _key(channel_slug, trade_number), "paid", legs, order_number=order_number, now=now)


def spent_parts(tx: Connection, *, channel_slug: str, trade_number: str) -> dict[str, int]:
    """pid -> fen of what paid an order."""
    own = f"{AVAILABLE}:"
    rows = tx.execute(_SPENT, {"key": _key(channel_slug, trade_number)})
    return {row.account.removeprefix(own): row.amount_fen for row in rows if row.account.startswith(own)}


def post_spent_back(
    tx: Connection, *, refund_number: str, amount_fen: int, parts: Mapping[str, int], order_number: str, now: int
) -> bool:
    """A refund goes back to where the money came from, a debt first. The payees are locked by the caller."""
    legs = {REFUND_CLEARING: amount_fen, PAID_OUT: amount_fen}
    for pid, fen in zip(parts, allocate(amount_fen, list(parts.values())), strict=True):
        legs |= credit(tx, pid, fen) | {payee_account(PAID_OUT, pid): -fen}
    return post(tx, f"refund:{refund_number}:sent", "refund_sent", legs, order_number=order_number, now=now)


def _key(channel_slug: str, trade_number: str) -> str:
    return f"pay:{channel_slug}:{trade_number}"
