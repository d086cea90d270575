"""A statement: what was posted to one person's accounts, the latest first, each with the balance after it."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.db import Reader, table
from app.ledger.accounts import AVAILABLE, CLAWBACK_DUE, FROZEN, HELD, PENDING, payee_account
from app.ledger.balance import read_amounts
from app.ledger.journal import Journal
from app.ledger.posting import Posting

BUCKETS = (HELD, AVAILABLE, FROZEN, PENDING, CLAWBACK_DUE)
_postings, _journals = table(Posting), table(Journal)


def payees_posted(connection: Connection, after_id: int, limit: int) -> tuple[int, list[str]]:
    """The number of the last of the postings after one, and the pids of the payees whom these are about."""
    found = select(_postings.c.id, _postings.c.account).where(_postings.c.id > after_id)
    rows = list(connection.execute(found.order_by(_postings.c.id).limit(limit)))
    split = [row.account.rpartition(":") for row in rows]
    return (rows[-1].id if rows else after_id), sorted({pid for kind, _, pid in split if kind in BUCKETS})


@dataclass(frozen=True)
class Movement:
    """One posting as the owner of the bucket counts it: what comes in is positive, and so is a debt that grows."""

    id: int
    amount_fen: int
    balance_fen: int
    kind: str
    key: str
    order_number: str | None
    happened_at: int


def list_postings(
    connection: Reader, kind: str, pid: str, *, before: tuple[int, int] | None = None, limit: int = 30
) -> tuple[list[Movement], tuple[int, int] | None]:
    """A page of one bucket's postings, newest first, and where the next page begins: below which posting, at which balance.

    The balance goes along from page to page, so that no page adds up what came before.
    """
    account = payee_account(kind, pid)
    sign = 1 if kind == CLAWBACK_DUE else -1
    columns = (_journals.c.key, _journals.c.kind, _journals.c.order_number, _journals.c.happened_at)
    mine = (
        select(_postings.c.id, _postings.c.amount_fen, *columns)
        .join(_journals, _journals.c.id == _postings.c.journal_id)
        .where(_postings.c.account == account)
        .order_by(_postings.c.id.desc())
        .limit(limit + 1)
    )
    balance_fen = sign * read_amounts(connection, [account])[account] if before is None else before[1]
    rows = list(connection.execute(mine if before is None else mine.where(_postings.c.id < before[0])))
    found = []
    for row in rows[:limit]:
        fen = sign * row.amount_fen
        found.append(Movement(row.id, fen, balance_fen, row.kind, row.key, row.order_number, row.happened_at))
        balance_fen -= fen
    return found, (found[-1].id, balance_fen) if len(rows) > limit else None
