"""Who is counted, and limits that a desk spends by hand (guard: "Rate limits").

Limits of whole routes are Flask-Limiter's decorators on `app.extensions.limiter`. Here are those that depend on what was
sent: attempts for an account, wrong look-ups, forged callbacks.
"""

import ipaddress
import logging
import math
from collections.abc import Iterator

from flask import current_app, request
from flask_babel import ngettext
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.strategies import RateLimiter

from app import clock
from app.errors import N_, Refusal

log = logging.getLogger(__name__)
# RFC 1918, RFC 6598 and RFC 4193: addresses that many networks have.
LOCAL = [
    ipaddress.ip_network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
]


class TooOften(Refusal):
    """Somebody tried more often than a limit allows."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(N_("You tried too often. Wait %(wait)s and try again."), wait=wait_in_words(seconds))
        self.retry_after_seconds = seconds


def address() -> str:
    """The client's address as limits count it: IPv4 whole, IPv6 by its /64, of which one household has all."""
    try:
        client = ipaddress.ip_address((request.remote_addr or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(client, ipaddress.IPv6Address):
        if client.ipv4_mapped is None:
            return str(ipaddress.ip_network((client, 64), strict=False))
        client = client.ipv4_mapped
    return str(client)


def network() -> str | None:
    """The client's network, /24 or /64: one household's or one office's. None for an address of no network in the world: such
    are all visitors of a shop on one's own machine, or behind a proxy that it does not know of."""
    return None if _is_local() else _network(64)


def prefix() -> str:
    """The client's network, /24 or /48: enough to see a click farm, too little to see a person."""
    return _network(48)


def _is_local() -> bool:
    try:
        client = ipaddress.ip_address((request.remote_addr or "").partition("%")[0])
    except ValueError:
        return True
    client = getattr(client, "ipv4_mapped", None) or client
    return client.is_loopback or client.is_link_local or any(client in block for block in LOCAL)


def _network(bits: int) -> str:
    try:
        client = ipaddress.ip_address((request.remote_addr or "").partition("%")[0])
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((client, 24 if client.version == 4 else bits), strict=False))


def spend(limits: str, *key: str) -> None:
    """Count one attempt of `key` ("login", address()) against "10/5 minutes;30/hour". Raises TooOften beyond it."""
    for strategy, item in _items(limits):
        if not strategy.hit(item, *key):
            raise TooOften(_wait(strategy, item, key))


def check(limits: str, *key: str) -> None:
    """Raise TooOften when `key` has spent its limit, without counting this attempt."""
    for strategy, item in _items(limits):
        if not strategy.test(item, *key):
            raise TooOften(_wait(strategy, item, key))


def forgive(limits: str, *key: str) -> None:
    """Forget the attempts of `key`, as after a log-in that succeeded."""
    for strategy, item in _items(limits):
        strategy.clear(item, *key)


def within(limits: str, *key: str) -> bool:
    """Count like `spend`, and tell instead of raising. Broken counters count as within: a callback must not stop for them."""
    try:
        return all(strategy.hit(item, *key) for strategy, item in _items(limits))
    except StorageError as error:
        log.error("rate limits cannot be counted: %s", error)
        return True


def wait_in_words(seconds: int) -> str:
    """A waiting time for people, rounded up: "40 seconds", "5 minutes", "2 hours"."""
    if seconds < 60:
        return str(ngettext("%(num)d second", "%(num)d seconds", max(seconds, 1)))
    if seconds < 3600:
        return str(ngettext("%(num)d minute", "%(num)d minutes", math.ceil(seconds / 60)))
    return str(ngettext("%(num)d hour", "%(num)d hours", math.ceil(seconds / 3600)))


def _items(limits: str) -> Iterator[tuple[RateLimiter, RateLimitItem]]:
    strategy: RateLimiter | None = current_app.extensions.get("throttle")
    if strategy is not None:
        for item in parse_many(limits):
            yield strategy, item


def _wait(strategy: RateLimiter, item: RateLimitItem, key: tuple[str, ...]) -> int:
    return max(1, math.ceil(strategy.get_window_stats(item, *key).reset_time - clock.now()))
