"""The replay: every entry once more, in order, into an empty ledger; what comes out has to be the balances (I12)."""

from collections import Counter

from sqlalchemy import select

from app.db import Reader, table
from app.ledger.balance import Balance
from app.ledger.posting import Posting

_postings = table(Posting)
_balances = table(Balance)
_IN_ORDER = select(_postings.c.journal_id, _postings.c.account, _postings.c.amount_fen).order_by(
    _postings.c.journal_id, _postings.c.id
)


def replay(connection: Reader) -> tuple[int, int]:
    """(entries replayed, balances that come out otherwise), amount by amount and change by change."""
    amounts: Counter[str] = Counter()
    versions: Counter[str] = Counter()
    entries, last_id = 0, None
    for row in connection.execute(_IN_ORDER.execution_options(yield_per=5000)):
        entries += row.journal_id != last_id
        last_id = row.journal_id
        amounts[row.account] += row.amount_fen
        versions[row.account] += 1
    kept = {
        row.account: (row.amount_fen, row.version)
        for row in connection.execute(select(_balances.c.account, _balances.c.amount_fen, _balances.c.version))
    }
    replayed = {account: (amounts[account], versions[account]) for account in versions}
    return entries, sum(replayed.get(account) != kept.get(account) for account in replayed.keys() | kept)
