"""The second factor of an account: the app on a phone, with recovery codes for the day when it is gone."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, exists, select

from app.accounts.account import Account
from app.accounts.authenticator import Authenticator, drop_authenticator
from app.accounts.recovery import drop_recovery_codes
from app.db import Reader, table

_authenticators = table(Authenticator)


def factor_exists(account_id: ColumnElement[int]) -> ColumnElement[bool]:
    """For a query: whether the account has a second factor."""
    return exists().where(_authenticators.c.account_id == account_id, _authenticators.c.confirmed_at.is_not(None))


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
    if not has_second_factor(tx, account_id):
        drop_recovery_codes(tx, account_id)
    return dropped


def drop_second_factor(tx: Connection, account_id: int) -> None:
    """From now on the password alone lets in."""
    drop_authenticator(tx, account_id)
    drop_recovery_codes(tx, account_id)
