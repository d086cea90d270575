"""One-time links from the console. They open before anybody can log in, and tell nothing to somebody who guesses."""

from flask import abort, g, session

from app import accounts, clock, throttle, vault
from app.accounts import Admission, BadTicket
from app.db import db
from app.fields import Form

GUESS_LIMIT = "20/hour"
_OPENED = "opened_link"


def keep_secret() -> None:
    """The address is a secret: it must not leave by a Referer."""
    g.secret_in_address = True


def admit(token: str, *purposes: str) -> Admission:
    """What the link allows. Raises BadTicket; nobody makes many guesses."""
    throttle.check(GUESS_LIMIT, "one-time link", throttle.address())
    try:
        admission = accounts.look_at_ticket(db.session.connection(), token, clock.now())
        if admission.purpose not in purposes:
            raise BadTicket
    except BadTicket:
        throttle.within(GUESS_LIMIT, "one-time link", throttle.address())
        raise
    return admission


def admit_owner(token: str) -> None:
    """Let the first owner's link in, until there is an owner. Raises BadTicket."""
    has_owner = accounts.owner_exists(db.session.connection())
    admit(token, "owner")
    if has_owner:
        raise BadTicket


def remember_opened(token: str) -> None:
    """Note in the cookie that this browser saw the link's page."""
    session[_OPENED] = vault.digest(token).hex()


def refuse_unopened(token: str, form: Form) -> None:
    """403 unless the form comes from the page of this very link, in the browser that opened it."""
    # The link answers for its own csrf check, because "not open to you" is what it says to everybody but one.
    if session.get(_OPENED) != vault.digest(token).hex() or not form.csrf_token.validate(form):
        abort(403)
