"""What somebody logs in by, replaced as a whole."""

from sqlalchemy import Connection

from app.accounts.account import set_password
from app.accounts.session import close_all_sessions
from app.accounts.ticket import void_tickets


def replace_password(tx: Connection, account_id: int, password_hash: str, now: int) -> None:
    """Set a new password: every session ends, and every link by which one could be set."""
    set_password(tx, account_id, password_hash)
    void_tickets(tx, account_id, now)
    close_all_sessions(tx, account_id)
