"""Maturity, read back: what an entry made available to whom, and what one person got in a day."""

from collections.abc import Sequence

from sqlalchemy import bindparam, text

from app.db import Reader
from app.ledger.accounts import HELD, payee_account

# Of somebody with very many entries in one day the newest are counted: a mail is no statement of account.
MOST_ENTRIES = 10_000
_MATURED = text(
    "SELECT posting.account, posting.amount_fen FROM journal JOIN posting ON posting.journal_id = journal.id "
    "WHERE journal.key = :key AND posting.account LIKE :held"
)
_IN_A_DAY = text(
    "SELECT coalesce(sum(recent.amount_fen), 0) FROM (SELECT journal_id, amount_fen FROM posting WHERE account IN :accounts "
    "ORDER BY id DESC LIMIT :most) AS recent JOIN journal ON journal.id = recent.journal_id "
    "WHERE journal.kind = 'mature' AND journal.happened_at >= :since AND journal.happened_at < :until"
).bindparams(bindparam("accounts", expanding=True))


def matured_by(connection: Reader, key: str) -> dict[str, int]:
    """pid -> fen that the entry "mature:<key>" took out of what was held."""
    found = connection.execute(_MATURED, {"key": f"mature:{key}", "held": f"{HELD}:%"})
    return {row.account.removeprefix(f"{HELD}:"): row.amount_fen for row in found}


def matured_between(connection: Reader, pids: Sequence[str], since: int, until: int) -> int:
    """Fen that became available to a person, under whichever of these pids, in [since, until)."""
    accounts = [payee_account(HELD, pid) for pid in pids]
    values = {"accounts": accounts, "most": MOST_ENTRIES, "since": since, "until": until}
    return int(connection.execute(_IN_A_DAY, values).scalar_one())
