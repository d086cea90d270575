"""EPay v2 in tests: the gateway, and what it reads."""

from app.payments.gateways import GATEWAYS, Notice
from tests.fakes.epay2_server import NOW

EPAY2 = GATEWAYS["epay2"]


def read(provider, query, now=NOW, **changes):
    """What the gateway makes of a notice by GET, of an account at `provider`."""
    return EPAY2.read(provider.settings(**changes), Notice("GET", query.encode(), b"", ""), now)
