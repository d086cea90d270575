"""One request to somebody else's server: bounded in time and size, no redirects, and no address in any message."""

import ipaddress
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ssl import SSLContext
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from app import drift

MOST_BYTES = 65536
# Unpacking comes before counting, so a small answer could become a very large one.
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}
# Read once: the list of certificates takes longer to load than everything else here.
CERTIFICATES = httpx.create_ssl_context(trust_env=False)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Unreachable(Exception):
    """No answer, or none that may be taken. The words hold neither address nor key."""


class NotConnected(Unreachable):
    """No connection was made: nobody can have heard of it."""


class Forbidden(NotConnected):
    """The address leads into a network that is not everybody's."""


@dataclass(frozen=True)
class Reply:
    """What a server answers; the names of `headers` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(
    method: str,
    url: str,
    *,
    times: httpx.Timeout,
    whole_seconds: float,
    certificates: SSLContext = CERTIFICATES,
    extensions: Mapping[str, Any] | None = None,
    tells_time: bool = False,
    **request: Any,
) -> Reply:
    """Whatever a server answers, with its status: `params` go into the address, `data` as a form, `content` as it is.

    `tells_time` says that its clock is good enough to compare ours with.

    Raises Unreachable; NotConnected when no connection was made.
    """
    options: dict[str, Any] = {"timeout": times, "verify": certificates, "follow_redirects": False, "trust_env": False}
    try:
        with Deadline(whole_seconds) as deadline, httpx.Client(headers=HEADERS, **options) as client:
            told = {**(extensions or {}), "trace": deadline.watch}
            with client.stream(method, url, extensions=told, **request) as response:
                body = _bounded(response)
                headers = {name.lower(): value for name, value in response.headers.items()}
                reply = Reply(response.status_code, headers, body)
                if tells_time:
                    drift.hear(headers.get("date"))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
        raise NotConnected(type(error).__name__) from None
    except (httpx.HTTPError, OSError) as error:
        raise Unreachable(type(error).__name__) from None
    if deadline.has_passed:
        raise Unreachable("its answer is too slow")
    return reply


def post_outward(
    url: str, content: bytes, headers: Mapping[str, str], *, whole_seconds: float = 5, inward: Sequence[str] = ()
) -> Reply:
    """POST to an address that people typed in, at the very server whose address was looked at, so that no name can change meanwhile.

    Refuses servers that not everybody can reach, but for the networks `inward`, and plain http anywhere else. Raises Unreachable.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)
    address = _looked_up(host, port, inward)
    if parts.scheme != "https" and not _is_in(address, inward):
        raise Forbidden("it is not an https address")
    place = f"[{address}]" if address.version == 6 else str(address)
    target = urlunsplit((parts.scheme, f"{place}:{port}", parts.path or "/", parts.query, ""))
    return exchange(
        "POST",
        target,
        times=httpx.Timeout(whole_seconds),
        whole_seconds=whole_seconds,
        content=content,
        headers={**headers, "Host": parts.netloc.rpartition("@")[2]},
        extensions={"sni_hostname": host},
    )


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _looked_up(host: str, port: int, inward: Sequence[str]) -> _Address:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotConnected("its name is not known") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        if not (is_public(address) or _is_in(address, inward)):
            raise Forbidden("it leads into a private network")
    return addresses[0]


def is_public(address: _Address) -> bool:
    """Whether an address is everybody's: not of this machine, of a private network, or of one inside another's spelling."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _is_in(address: _Address, networks: Sequence[str]) -> bool:
    return any(address in ipaddress.ip_network(network) for network in networks)


class Deadline:
    """Cuts the connection when the time is over: a server that drips a byte a second never trips a read timeout."""

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
            self.hold(info["return_value"].get_extra_info("socket"))

    def hold(self, connected: socket.socket | None) -> None:
        """This is the connection that must not outlast the time."""
        self._socket = connected
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
            raise Unreachable("its answer is too long")
    return body
