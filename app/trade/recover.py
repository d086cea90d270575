"""To recover: somebody forgot their password, and whoever goes by the contact that they named gets a one-time link by mail.

The page only notes what was asked, the same for everybody; who goes by it is looked up by the worker, so that neither the
answer nor the time that it takes tells whether there is such an account.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from sqlalchemy import Connection

from app import accounts, audit, outbox, vault
from app.accounts import Contact

KIND = "recovery"


def want_recovery(tx: Connection, contact: Contact, locale: str, now: int) -> None:
    """Note that somebody who reads `locale` wants a new password for whoever goes by `contact`. The contact itself is not kept."""
    index = urlsafe_b64encode(contact.index).decode()
    outbox.put(tx, KIND, f"{vault.code(16)}:{locale}:{index}", now)


def recover(tx: Connection, now: int) -> int:
    """Issue the links that were asked for, each with a letter that brings it. Returns how many were asked for."""
    asked = outbox.due(tx, KIND, now)
    way = outbox.mail_outlet(tx) if asked else None
    for message in asked:
        number, locale, index = message.subject.split(":")
        found = accounts.account_by_index(tx, urlsafe_b64decode(index))
        if not outbox.take_up(tx, message.id) or found is None or way is None:
            continue
        account_id, _hash, role = found
        if not accounts.has_mail_address(tx, account_id):
            continue
        accounts.issue_reset(tx, account_id, number, message.created_at)
        letter = {"event": outbox.FORGOTTEN, "about": f"{number}:{locale}", "audience": "account"}
        moments = {"happened_at": message.created_at, "next_at": now}
        outbox.address(tx, [{**letter, **moments, "account_id": account_id, "outlet_id": way.id}])
        if role in accounts.STAFF_ROLES:
            audit.record(tx, audit.Who(None, "", "worker", "-", now), "password.forget", f"account:{account_id}")
    return len(asked)
