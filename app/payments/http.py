"""One request to a provider: bounded in time and size, no redirects, and no address in any message."""

import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx

from app.payments.gateways.gateway import GatewayUnreachable, NotSent

TIMES = httpx.Timeout(8, connect=3)
WHOLE_SECONDS = 10.0
MOST_BYTES = 65536
# Unpacking comes before counting, so a small answer could become a very large one.
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}
# Read once: the list of certificates takes longer to load than everything else here.
CERTIFICATES = httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True)
class Reply:
    """What a provider answers; the names of `headers` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


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
        with (
            Deadline(WHOLE_SECONDS) as deadline,
            httpx.Client(
                timeout=TIMES, verify=CERTIFICATES, follow_redirects=False, trust_env=False, headers=HEADERS
            ) as client,
            client.stream(
                method,
                url,
                params=params,
                data=data,
                content=content,
                headers=headers,
                extensions={"trace": deadline.watch},
            ) as response,
        ):
            body = _bounded(response)
            reply = Reply(response.status_code, {name.lower(): told for name, told in response.headers.items()}, body)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
        raise NotSent(type(error).__name__) from None
    except (httpx.HTTPError, OSError) as error:
        raise GatewayUnreachable(type(error).__name__) from None
    if deadline.has_passed:
        raise GatewayUnreachable("its answer is too slow")
    return reply


class Deadline:
    """Cuts the connection when the time is over: a provider that drips a byte a second never trips a read timeout."""

    def __init__(self, seconds: float) -> None:
        self.has_passed = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of the connection, as httpx's trace extension tells of it."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")
            if self.has_passed:
                self._cut()

    def _cut(self) -> None:
        self.has_passed = True
        if self._socket is None:
            return
        try:
            # Closing would not wake the thread that reads; and TLS must not be asked to say good-bye first.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            return


def _bounded(response: httpx.Response) -> bytes:
    body = b""
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            raise GatewayUnreachable("its answer is too long")
    return body
