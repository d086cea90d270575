"""One call to Stripe's API: a form with the key in a header, an object in JSON, or an error that says why.

https://docs.stripe.com/api/errors, https://docs.stripe.com/api/idempotent_requests.
"""

import json
from collections.abc import Mapping
from typing import Any

from app.payments.gateways.gateway import GatewayUnreachable, Settings
from app.payments.gateways.stripe.account import api
from app.payments.http import exchange

# Answers keep the shape of this version, whatever the account's own default is.
VERSION = "2026-10-28.endive"
MOST_WORDS = 200


class TooMany(GatewayUnreachable):
    """Stripe turned the request away unread, because of its number (429)."""


class Refused(Exception):
    """Stripe said no. `kind` is its type of error, and its words are for people."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


def call(
    settings: Settings,
    method: str,
    path: str,
    form: Mapping[str, str] | None = None,
    *,
    idempotency_key: str | None = None,
) -> dict[str, Any]:
    """The object that Stripe answers. An `idempotency_key` makes a repeated POST the same request, for a day at least.

    Raises Refused for a plain no, GatewayUnreachable when nothing is known, NotSent when no connection was made.
    """
    headers = {"Authorization": f"Bearer {settings['secret_key']}", "Stripe-Version": VERSION}
    if idempotency_key is not None:
        headers["Idempotency-Key"] = idempotency_key
    sent: dict[str, Any] = {"params": form} if method == "GET" else {"data": form}
    reply = exchange(method, f"{api(settings)}v1/{path}", headers=headers, **sent)
    if reply.status == 429:
        raise TooMany("it answers 429")
    if reply.status != 200 and reply.status not in (400, 401, 402, 403, 404):
        raise GatewayUnreachable(f"it answers {reply.status}")
    answer = parse_object(reply.body)
    if answer is None:
        raise GatewayUnreachable("its answer is no object in JSON")
    if reply.status == 200:
        return answer
    raise _refused(answer, settings, reply.status)


def parse_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object that `body` is; None when it is anything else, or names something twice."""
    try:
        answer = json.loads(body, parse_constant=_refuse, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _refused(answer: Mapping[str, Any], settings: Settings, status: int) -> Exception:
    error = answer.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("type"), str):
        return GatewayUnreachable(f"it answers {status} without saying why")
    message = error.get("message")
    words = message if isinstance(message, str) else f"it answers {status}"
    for secret in (settings["secret_key"], settings["signing_secret"]):
        words = words.replace(str(secret), "…")
    words = "".join(letter if letter.isprintable() else " " for letter in words).strip()
    return Refused(error["type"], words[:MOST_WORDS])


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    answer = dict(pairs)
    if len(answer) != len(pairs):
        raise ValueError("a name comes twice")
    return answer
