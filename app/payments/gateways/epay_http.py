"""One call to an EPay provider: bounded in time and size, no redirects, and no address in any message."""

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from app.payments.gateways.gateway import GatewayUnreachable

TIMES = httpx.Timeout(8, connect=3)
WHOLE_SECONDS = 10.0
MOST_BYTES = 65536


def call(method: str, url: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object that the provider answers. Raises GatewayUnreachable, whose words hold neither address nor key."""
    sent = {"params": parameters} if method == "GET" else {"data": parameters}
    try:
        with (
            httpx.Client(timeout=TIMES, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, **sent) as response,  # type: ignore[arg-type]
        ):
            body = _bounded(response)
            status = response.status_code
    except httpx.HTTPError as error:
        raise GatewayUnreachable(type(error).__name__) from None
    if status != 200:
        raise GatewayUnreachable(f"it answers {status}")
    try:
        answer = json.loads(body)
    except ValueError:
        raise GatewayUnreachable("its answer is no JSON") from None
    if not isinstance(answer, dict):
        raise GatewayUnreachable("its answer is no object")
    return answer


def _bounded(response: httpx.Response) -> bytes:
    # A provider that drips a byte a second never trips a read timeout; the whole answer has a deadline too.
    deadline = time.monotonic() + WHOLE_SECONDS
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES or time.monotonic() > deadline:
            raise GatewayUnreachable("its answer is too long or too slow")
    return body
