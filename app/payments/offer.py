"""Which channels listen, and which of them a buyer may choose from."""

from app.db import Reader
from app.payments.channel import Account, list_channels


def listens(account: Account, *, live: bool) -> bool:
    """Whether notices of the channel are taken: a switched-off one still listens, for orders made before (guard, rule 2)."""
    return account.is_sound and not (live and account.gateway.is_test)


def offered(account: Account | None, method: str | None, *, live: bool) -> bool:
    """Whether a buyer may pay with `method` through the channel now; a test gateway never works in a live shop."""
    if account is None or not account.enabled or not listens(account, live=live):
        return False
    return method is None or method in account.methods


def list_offered(connection: Reader, *, live: bool) -> list[Account]:
    """The channels that a buyer may choose from, in the merchant's order."""
    return [account for account in list_channels(connection) if offered(account, None, live=live)]
