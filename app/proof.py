"""A proof of who one is, before any desk: the password, or of an account with a second factor a code or a passkey of its own."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from app import accounts, audit, guesses, passkeys, visit
from app.db import db, transaction
from app.fields import Form

# The fields that a page which asks for a proof adds to what was sent.
FIELDS = ("proof", "proof_recovery", "proof_passkey")


class ProofForm(Form):
    """What shows it: `proof` is the password or the app's code, `proof_recovery` a code on paper, `proof_passkey` what a key signed."""

    next = HiddenField()
    proof = PasswordField(lazy_gettext("Password"), validators=[Length(max=1000)])
    proof_recovery = StringField(lazy_gettext("Recovery code"), validators=[Length(max=100)])
    proof_passkey = HiddenField(validators=[Length(max=passkeys.MOST_CHARACTERS)])

    def ask_for(self, ways: "Ways") -> None:
        """Call the field by what it takes."""
        if ways.is_guarded:
            self.proof.label.text = _("Code from your app")


@dataclass(frozen=True)
class Ways:
    """How an account may show its second factor; all of it false for one that has none."""

    has_app: bool = False
    passkeys: int = 0
    recovery_codes: int = 0

    @property
    def is_guarded(self) -> bool:
        return self.has_app or self.passkeys > 0


def ways_of(account_id: int) -> Ways:
    """How the account may show its second factor."""
    if not accounts.has_second_factor(db.session, account_id):
        return Ways()
    return Ways(
        has_app=accounts.has_authenticator(db.session, account_id),
        passkeys=accounts.count_passkeys(db.session, account_id),
        recovery_codes=accounts.count_recovery_codes(db.session, account_id),
    )


def shows_factor(form: ProofForm, account_id: int, holder: str) -> str | None:
    """By what the form shows the account's second factor; a sentence stands beside the field when it does not. `holder` is the token
    of the session, or of the log-in that waits. Raises TooOften."""
    if form.proof_passkey.data:
        field, fault = (
            form.proof_passkey,
            _("This passkey was not accepted. Please try once more, or take another way."),
        )
        by = passkeys.shows_passkey(account_id, holder, field.data) if form.validate() else None
    else:
        field = form.proof if form.proof.data or not form.proof_recovery.data else form.proof_recovery
        fault = _("This code is not right, or was used before. Please take the next one.")
        by = visit.shows_code(account_id, field.data) if form.validate() else None
    if by is None:
        field.errors = [fault]
        role = db.session.execute(db.select(accounts.Account.role).filter_by(id=account_id)).scalar()
        guesses.note(
            visit.CODE_LIMIT, visit.code_key(account_id), account_id=account_id, role=role, act="factor.refuse"
        )
    return by


def is_good(form: ProofForm) -> bool:
    """Whether the form proves who is logged in; it then serves for ten minutes. Raises TooOften."""
    if current_user.login.is_guarded:
        by = shows_factor(form, current_user.id, current_user.get_id())
    else:
        by = "password" if form.validate() and visit.knows_password(form.proof.data) else None
        if by is None:
            form.proof.errors = [_("This is not your present password.")]
    if by is None:
        return False
    visit.prove()
    transaction(audit.record, visit.who(), "session.prove", "session", now={"by": by})
    return True
