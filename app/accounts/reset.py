"""A reset: a one-time link for a new password, sent by mail. Its token is signed from the number of the request and stands nowhere:
the mail can be worded again when it is sent again, and whoever reads the database cannot open the link."""

from sqlalchemy import Connection

from app import vault
from app.accounts.ticket import Admission, BadTicket, issue_ticket, look_at_ticket

PURPOSE = "password"


def issue_reset(tx: Connection, account_id: int, number: str, asked_at: int) -> None:
    """Let the link of request `number` set the account's password; earlier links stop working."""
    issue_ticket(tx, PURPOSE, account_id, asked_at, token=reset_token(number))


def living_reset(connection: Connection, account_id: int, number: str, now: int) -> str | None:
    """The link's token while it works: None when it was used or is too old, or the password changed since."""
    token = reset_token(number)
    try:
        admission = look_at_ticket(connection, token, now)
    except BadTicket:
        return None
    return token if admission == Admission(PURPOSE, account_id) else None


def reset_token(number: str) -> str:
    return vault.sign("password reset", number)
