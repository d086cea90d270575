"""People who log in: accounts, the contacts that name them, their sessions and one-time links."""

from app.accounts.account import Account, create_account, owner_exists, set_password
from app.accounts.contact import BadContact, Contact, read_contact
from app.accounts.identity import ContactTaken, Identity, account_by_contact, add_identity, contacts_of, person_indexes
from app.accounts.password import (
    LEAST_CHARACTERS,
    LEAST_CHARACTERS_OWNER,
    BadPassword,
    check_password,
    hash_password,
    verify_password,
)
from app.accounts.session import (
    Session,
    close_all_sessions,
    close_session,
    find_session,
    forget_old_sessions,
    open_session,
    touch_session,
)
from app.accounts.ticket import Admission, BadTicket, Ticket, count_try, issue_ticket, look_at_ticket, use_ticket

__all__ = [
    "LEAST_CHARACTERS",
    "LEAST_CHARACTERS_OWNER",
    "Account",
    "Admission",
    "BadContact",
    "BadPassword",
    "BadTicket",
    "Contact",
    "ContactTaken",
    "Identity",
    "Session",
    "Ticket",
    "account_by_contact",
    "add_identity",
    "check_password",
    "close_all_sessions",
    "close_session",
    "contacts_of",
    "count_try",
    "create_account",
    "find_session",
    "forget_old_sessions",
    "hash_password",
    "issue_ticket",
    "look_at_ticket",
    "open_session",
    "owner_exists",
    "person_indexes",
    "read_contact",
    "set_password",
    "touch_session",
    "use_ticket",
    "verify_password",
]
