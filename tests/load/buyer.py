"""A buyer on a socket: an address of its own in 127.0.0.0/8, cookies, and the form of the product page."""

import html
import http.client
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

T = TypeVar("T")
TIMEOUT_SECONDS = 50
# What a client meets when the server dies: no connection, no answer, or half of one.
CUT = (OSError, http.client.HTTPException)
FIELDS = ("csrf_token", "sku", "key", "seen_price_fen", "seen_discount_bps")


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: http.client.HTTPMessage

    @property
    def location(self) -> str:
        return self.headers["Location"] or ""


def address(number: int) -> str:
    """A loopback address of one's own for each number, so that limits see as many people as there are."""
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


class Buyer:
    def __init__(self, base: str, number: int, *, contact: str | None = None) -> None:
        place = urlsplit(base)
        self.contact = contact or f"buyer{number}@example.com"
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection(
            place.hostname or "", place.port, timeout=TIMEOUT_SECONDS, source_address=(address(number), 0)
        )

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        headers = {"Accept-Language": "en", "User-Agent": "Mozilla/5.0"} | headers
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, text, response.headers)

    def form(self, slug: str) -> dict[str, str]:
        """The form of a product's page, filled in."""
        return self.fill(self.send("GET", f"/p/{slug}"))

    def fill(self, page: Answer) -> dict[str, str]:
        assert page.status == 200, page.text
        found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text) for name in FIELDS}
        values = {name: html.unescape(match.group(1)) for name, match in found.items() if match}
        return values | {"quantity": "1", "contact": self.contact, "gateway": "sandbox:alipay"}

    def order(self, form: dict[str, str]) -> Answer:
        return self.send("POST", "/orders", urlencode(form))

    def close(self) -> None:
        self.connection.close()


def all_at_once(acts: Iterable[Callable[[], T]], *, threads: int) -> list[T]:
    """Run the acts, at most `threads` at a time and beginning together; an act that raises fails the test."""
    waiting = list(enumerate(acts))
    results: list[T | None] = [None] * len(waiting)
    errors: list[BaseException] = []
    waiting.reverse()
    start = threading.Barrier(min(threads, len(waiting)))

    def run() -> None:
        start.wait(60)
        while waiting and not errors:
            try:
                index, act = waiting.pop()
            except IndexError:
                return
            try:
                results[index] = act()
            except BaseException as error:  # noqa: BLE001
                errors.append(error)

    crew = [threading.Thread(target=run, daemon=True) for _ in range(start.parties)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join(120)
    if errors:
        raise errors[0]
    assert not any(thread.is_alive() for thread in crew), "somebody waits for ever"
    return results  # type: ignore[return-value]
