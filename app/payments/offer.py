"""Which channels listen, and which of them a buyer may choose from."""

from dataclasses import replace

from app.db import Reader
from app.payments.account import Account
from app.payments.channel import list_channels
from app.payments.gateways import SILENT
from app.payments.receiving_code import receiving_codes


def listens(account: Account, *, live: bool) -> bool:
    """Whether notices of the channel are taken: a switched-off one still listens, for orders made before (guard, rule 2)."""
    return works(account, live=live) and account.gateway.name not in SILENT


def works(account: Account, *, live: bool) -> bool:
    """Whether the channel's keys would do; a test gateway never works in a live shop."""
    return account.is_sound and not (live and account.is_test)


def offered(account: Account | None, method: str | None, *, live: bool, device: str | None = None) -> bool:
    """Whether a buyer may pay with `method` through the channel now, on this device where one is told."""
    if account is None or not account.enabled or not works(account, live=live):
        return False
    if device is not None and not account.terms.works_on(device):
        return False
    return method is None or method in account.methods


def list_offered(connection: Reader, *, live: bool, device: str | None = None) -> list[Account]:
    """The channels that a buyer may choose from, in the merchant's order, with the methods that can be paid by now."""
    found = [account for account in list_channels(connection) if offered(account, None, live=live, device=device)]
    return [account for account in (_as_furnished(connection, one) for one in found) if account.methods]


def _as_furnished(connection: Reader, account: Account) -> Account:
    """An account that is paid by hand without the ways for which there is neither a picture nor a word."""
    if account.gateway.name != "manual" or account.settings["instructions"]:
        return account
    codes = receiving_codes(connection, account.id)
    # No method at all must not read as all of them.
    methods = [method for method in account.methods if method in codes] or ["none"]
    return replace(account, settings=account.settings | {"methods": methods})
