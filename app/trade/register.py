"""To register: an account, the contact that names it, its node, and the upline that a valid invite binds it to."""

from sqlalchemy import Connection

from app import accounts, referral
from app.accounts import Contact
from app.db import take_turns
from app.shop import Settings


def register(
    tx: Connection,
    *,
    contact: Contact,
    password_hash: str,
    name: str = "",
    invite_cookie: str | None = None,
    device_hash: bytes | None = None,
    trace: referral.Trace | None = None,
    settings: Settings,
    now: int,
) -> int:
    """Open a buyer's account and return its id. Raises ContactTaken. An invite that does not hold is ignored."""
    account_id = accounts.create_account(tx, name=name, password_hash=password_hash, now=now)
    accounts.add_identity(tx, account_id, contact)
    node_id = referral.create_node(tx, account_id=account_id, contact_index=None, person_index=None, now=now)
    assert node_id is not None
    invite = referral.read_invite(tx, invite_cookie, cookie_days=settings.cookie_days, now=now)
    if invite is not None:
        refusal = referral.same_person(
            tx,
            invite.node_id,
            account_id=account_id,
            contact_index=contact.index,
            person_index=contact.person_index,
            device_hash=device_hash,
        )
        if refusal is None:
            referral.bind(tx, node_id, invite.node_id, "registration", now, click_id=invite.click_id)
    referral.remember_device(tx, node_id, device_hash)
    referral.sight(tx, node_id, trace)
    return account_id


def register_staff(tx: Connection, *, token: str, contact: Contact, password_hash: str, name: str, now: int) -> int:
    """Set up somebody who runs the shop by the one-time link, which is used up and says as what: 'owner', for the first one
    only, or as what they were invited. Raises BadTicket, ContactTaken."""
    take_turns(tx, accounts.FIRST_OWNER)
    purpose = accounts.use_ticket(tx, token, now).purpose
    role = accounts.role_invited(purpose)
    if role not in accounts.STAFF_ROLES or (purpose == "owner" and accounts.owner_exists(tx)):
        raise accounts.BadTicket
    account_id = accounts.create_account(tx, name=name, password_hash=password_hash, role=role, now=now)
    accounts.add_identity(tx, account_id, contact)
    referral.create_node(tx, account_id=account_id, contact_index=None, person_index=None, now=now)
    return account_id
