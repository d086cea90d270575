"""Which channels listen, and which of them a buyer may choose from."""

from app.db import Reader
from app.payments.account import Account
from app.payments.channel import list_channels
from app.payments.gateways import SILENT


def listens(account: Account, *, live: bool) -> bool:
    """Whether notices of the channel are taken: a switched-off one still listens, for orders made before (guard, rule 2)."""
    return works(account, live=live) and account.gateway.name not in SILENT


def works(account: Account, *, live: bool) -> bool:
    """Whether the channel's keys would do; a test gateway never works in a live shop."""
    return account.is_sound and not (live and account.gateway.is_test)


def offered(account: Account | None, method: str | None, *, live: bool, device: str | None = None) -> bool:
    """Whether a buyer may pay with `method` through the channel now, on this device where one is told."""
    if account is None or not account.enabled or not works(account, live=live):
        return False
    if device is not None and not account.terms.works_on(device):
        return False
    return method is None or method in account.methods


def list_offered(connection: Reader, *, live: bool, device: str | None = None) -> list[Account]:
    """The channels that a buyer may choose from, in the merchant's order."""
    return [account for account in list_channels(connection) if offered(account, None, live=live, device=device)]
