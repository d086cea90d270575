"""The second factor of an account: the app on a phone, or passkeys, with recovery codes for the day when they are gone."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from app.accounts.account import Account
from app.accounts.authenticator import Authenticator, drop_authenticator
from app.accounts.passkey import Passkey, drop_passkeys, forget_passkey
from app.accounts.recovery import drop_recovery_codes
from app.db import Reader, table

_authenticators = table(Authenticator)
_passkeys = table(Passkey)


def factor_exists(account_id: ColumnElement[int]) -> ColumnElement[bool]:
    """For a query: whether the account has a second factor."""
    app = exists().where(_authenticators.c.account_id == account_id, _authenticators.c.confirmed_at.is_not(None))
    return or_(app, exists().where(_passkeys.c.account_id == account_id))


def has_second_factor(connection: Reader, account_id: int) -> bool:
    """Whether whoever knows the password has to show something else too."""
    accounts = table(Account)
    wanted = select(accounts.c.id).where(accounts.c.id == account_id, factor_exists(accounts.c.id))
    return connection.execute(wanted).first() is not None


def guarded_accounts(connection: Reader, account_ids: Collection[int]) -> set[int]:
    """Those of the accounts that have a second factor."""
    accounts = table(Account)
    wanted = select(accounts.c.id).where(accounts.c.id.in_(account_ids), factor_exists(accounts.c.id))
    return set(connection.execute(wanted).scalars())


def drop_app(tx: Connection, account_id: int) -> bool:
    """The app serves no more; codes on paper are of no use without a second factor. False if there was none."""
    dropped = drop_authenticator(tx, account_id)
    _drop_useless_codes(tx, account_id)
    return dropped


def drop_passkey(tx: Connection, account_id: int, passkey_id: int) -> str | None:
    """One of the account's passkeys serves no more; returns its name. None when it is not one of them."""
    name = forget_passkey(tx, account_id, passkey_id)
    _drop_useless_codes(tx, account_id)
    return name


def _drop_useless_codes(tx: Connection, account_id: int) -> None:
    if not has_second_factor(tx, account_id):
        drop_recovery_codes(tx, account_id)


def drop_second_factor(tx: Connection, account_id: int) -> None:
    """From now on the password alone lets in."""
    drop_authenticator(tx, account_id)
    drop_passkeys(tx, account_id)
    drop_recovery_codes(tx, account_id)
