"""One call to an EPay provider: the JSON object that it answers."""

import json
from collections.abc import Mapping
from typing import Any

from app.payments.gateways.gateway import GatewayUnreachable
from app.payments.http import fetch


def call(method: str, url: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object that the provider answers, its numbers as they were spelled.

    Raises GatewayUnreachable, whose words hold neither address nor key; NotSent when no connection was made.
    """
    return _object(fetch(method, url, parameters))


def _object(body: bytes) -> dict[str, Any]:
    try:
        # Numbers stay text, so that an amount is judged as the provider spelled it.
        answer = json.loads(
            body, parse_float=str, parse_int=str, parse_constant=_refuse, object_pairs_hook=_without_repeats
        )
    except (ValueError, RecursionError):
        raise GatewayUnreachable("its answer is no JSON") from None
    if not isinstance(answer, dict):
        raise GatewayUnreachable("its answer is no object")
    return answer


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    answer = dict(pairs)
    if len(answer) != len(pairs):
        raise ValueError("a name comes twice")
    return answer
