"""Passkeys before any desk: for which address they are made, and what shows that one is at hand."""

import ipaddress
from urllib.parse import urlsplit

from flask import Response, current_app, make_response
from sqlalchemy import Connection

from app import accounts, clock, visit
from app.accounts import Site
from app.display import settings
from app.errors import N_, Refusal

# What a browser sends of a key; the longest are those of machines that vouch for themselves.
MOST_CHARACTERS = 20_000


def site() -> Site | None:
    """The public address, as it is configured. None where browsers make no keys: without https, or without a name."""
    config = current_app.config["SHOP"]
    host = urlsplit(config.public_url).hostname or ""
    if _is_number(host) or not (config.is_https or host == "localhost"):
        return None
    return Site(settings().name, host, config.public_url)


def site_or_refuse() -> Site:
    """The same. Raises Refusal where there is none."""
    found = site()
    if found is None:
        raise Refusal(N_("Passkeys need a shop that is reached by https and a name of its own."))
    return found


def drawn(options: str) -> Response:
    """What was drawn, for a script of ours."""
    response = make_response(options)
    response.content_type = "application/json"
    return response


def shows_passkey(account_id: int, holder: str, answer: str) -> str | None:
    """'passkey' when a key of the account signed what was drawn for whoever holds the token `holder`. Raises TooOften."""
    found = site()
    return visit.shows(account_id, _take, account_id, holder, found, answer, clock.now()) if found else None


def _take(tx: Connection, account_id: int, holder: str, site: Site, answer: str, now: int) -> str | None:
    return "passkey" if accounts.take_signature(tx, account_id, holder, site, answer, now) else None


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
