"""The guard of the desk for programs: which key comes, and whether it is good for what it asks."""

import re

from flask import Response, g, request

from app import accounts, audit, clock, throttle
from app.db import AnyRow, db, transaction
from app.errors import N_, Refusal

GUESS_LIMIT = "20/10 minutes"
KEY_LIMIT = "120/minute"
# What a key has to be good for; an endpoint that is not here is open to none.
SCOPE = {
    "api.products.index": "stock.read",
    "api.orders.show": "orders.read",
    "api.card_imports.show": "stock.read",
    "api.card_imports.create": "stock.import",
}
_BEARER = re.compile(r"Bearer +([\x21-\x7e]{1,200})", re.ASCII | re.IGNORECASE)


class BadKey(Refusal):
    """No key, or one that does not serve."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            N_("Send a key that serves, as a header: Authorization: Bearer KEY. An owner makes them at the desk.")
        )


class WrongKey(Refusal):
    """The key serves, and for something else."""

    status = 403

    def __init__(self, scope: str) -> None:
        super().__init__(N_("This key is not good for it: it needs %(scope)s."), scope=scope)


def let_in() -> None:
    """For `before_request`. Raises BadKey, WrongKey, TooOften."""
    throttle.check(GUESS_LIMIT, "api key", throttle.address())
    sent = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    key = accounts.find_api_key(db.session, sent[1]) if sent else None
    if key is None:
        throttle.within(GUESS_LIMIT, "api key", throttle.address())
        raise BadKey
    throttle.spend(KEY_LIMIT, "api", str(key.id))
    scope = SCOPE.get(request.endpoint or "", "")
    if f" {scope} " not in key.scopes:
        raise WrongKey(scope)
    if clock.now() - (key.used_at or 0) >= accounts.TOUCH_SECONDS:
        transaction(accounts.touch_api_key, key.id, clock.now())
    g.api_key = key


def say_how(response: Response) -> Response:
    """For `after_request`: RFC 9110 wants the scheme named."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def key() -> AnyRow:
    """The key that came."""
    found: AnyRow = g.api_key
    return found


def who() -> audit.Who:
    """Whoever sent this, for the audit log: the owner who made the key."""
    agent = request.user_agent.string[:200]
    return audit.Who(key().account_id, throttle.address(), agent, g.get("request_id", "-"), clock.now())
