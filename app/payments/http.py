"""One request to a provider, in the words of gateways."""

from collections.abc import Mapping

import httpx

from app import exchange as cellar
from app.exchange import CERTIFICATES as TRUSTED
from app.exchange import NotConnected, Reply, Unreachable
from app.payments.gateways.gateway import GatewayUnreachable, NotSent

__all__ = ["Reply", "exchange", "fetch"]

TIMES = httpx.Timeout(8, connect=3)
WHOLE_SECONDS = 10.0
CERTIFICATES = TRUSTED


def fetch(method: str, url: str, parameters: Mapping[str, str]) -> bytes:
    """The body that a provider answers with 200. A GET carries the parameters in the address, a POST in the body.

    Raises GatewayUnreachable, whose words hold neither address nor key; NotSent when no connection was made.
    """
    is_get = method == "GET"
    reply = exchange(method, url, params=parameters if is_get else None, data=None if is_get else parameters)
    if reply.status != 200:
        raise GatewayUnreachable(f"it answers {reply.status}")
    return reply.body


def exchange(
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Whatever a provider answers, with its status: `params` go into the address, `data` as a form, `content` as it is.

    Raises GatewayUnreachable, whose words hold neither address nor key; NotSent when no connection was made.
    """
    try:
        return cellar.exchange(
            method,
            url,
            times=TIMES,
            whole_seconds=WHOLE_SECONDS,
            certificates=CERTIFICATES,
            params=params,
            data=data,
            content=content,
            headers=headers,
            tells_time=True,
        )
    except NotConnected as error:
        raise NotSent(str(error)) from None
    except Unreachable as error:
        raise GatewayUnreachable(str(error)) from None
