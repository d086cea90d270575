"""A pending log-in: the first step was right, and the second factor was not shown yet. It is a signed token of ten minutes, which
the browser's cookie carries; it opens nothing but the page of the second step."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app import vault
from app.accounts.account import Account
from app.accounts.spent import spend
from app.clock import MINUTE
from app.db import Reader, table

PENDING_SECONDS = 10 * MINUTE
PURPOSE = "pending log-in"

_accounts = table(Account)


@dataclass(frozen=True)
class Pending:
    """Who waits before the second step, and by what they came so far ('password', 'link')."""

    token: str
    account_id: int
    role: str
    by: str


def sign_pending(account_id: int, password_hash: str, by: str) -> str:
    """The token of somebody whose first step was right."""
    return vault.sign(PURPOSE, [account_id, _mark(password_hash), by, vault.token(9)], timed=True)


def read_pending(connection: Reader, token: object) -> Pending | None:
    """Whose token this is. None when it is not ours or too old, the password changed since, or the account was shut out."""
    match vault.unsign(PURPOSE, token, max_age=PENDING_SECONDS):
        case [int(account_id), str(mark), str(by), str()]:
            wanted = select(_accounts.c.role, _accounts.c.password_hash)
            living = (_accounts.c.id == account_id) & _accounts.c.disabled_at.is_(None)
            row = connection.execute(wanted.where(living)).first()
            if row is not None and _mark(row.password_hash) == mark:
                return Pending(str(token), account_id, row.role, by)
    return None


def spend_pending(tx: Connection, pending: Pending, now: int) -> bool:
    """Use the token up: of two who bring it, one gets True."""
    return spend(tx, pending.token, now + 2 * PENDING_SECONDS)


def _mark(password_hash: str) -> str:
    return vault.blind("password mark", password_hash).hex()[:32]
