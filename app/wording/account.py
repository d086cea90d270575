"""What the holder of an account is told of the account itself."""

from flask_babel import gettext as _

from app import accounts, clock
from app.db import AnyRow, db
from app.display import settings
from app.wording.words import Words, link


def locale_of(letter: AnyRow) -> str:
    """The language that was read where the letter was asked for."""
    locale: str = letter.about.partition(":")[2]
    return locale


def word(letter: AnyRow) -> Words | None:
    """The link for a new password; None when it works no more."""
    number = letter.about.partition(":")[0]
    token = accounts.living_reset(db.session.connection(), letter.account_id, number, clock.now())
    if token is None:
        return None
    support = settings().support_contact
    unasked = _(
        "It was not you? Then nothing has to be done: without this mail nobody gets in, and your password stays."
    )
    return Words(
        _("A new password for %(shop)s", shop=settings().name),
        (
            _(
                "Somebody asked for a new password for your account. The link works once, until half an hour after that."
            ),
            _("A second factor, if you have one, is asked for afterwards as always."),
        ),
        link=link("links.passwords.edit", token=token),
        action=_("Choose a new password"),
        small=unasked + (" " + _("Questions? %(contact)s", contact=support) if support else ""),
    )
