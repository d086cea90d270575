"""Somebody with a browser: cookies, csrf tokens found in pages, and forms sent as a browser sends them."""

import contextvars
import re

from flask import Flask
from werkzeug.test import TestResponse


class Visitor:
    def __init__(self, app: Flask, *, address: str = "192.0.2.7", language: str = "zh-CN") -> None:
        self.client = app.test_client()
        self.address = address
        self.headers = {"Accept-Language": language, "User-Agent": "Mozilla/5.0 (iPhone) Mobile"}

    def get(self, path: str, **options) -> TestResponse:
        return self._send("GET", path, **options)

    def navigate(self, path: str, **options) -> TestResponse:
        """Open a page as a person does, by a navigation of the whole window."""
        headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}
        return self._send("GET", path, headers=headers, **options)

    def post(self, path: str, data: dict | None = None, *, page: str | None = None, **options) -> TestResponse:
        """Send a form with the token of `page` (or of the page of orders, where everybody finds a form)."""
        return self._send("POST", path, data={"csrf_token": self.token(page or "/orders")} | (data or {}), **options)

    def token(self, page: str) -> str:
        text = self.get(page).get_data(as_text=True)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        assert found, f"no form on {page}"
        return found.group(1)

    def _send(self, method: str, path: str, *, headers: dict | None = None, **options) -> TestResponse:
        environ = {"REMOTE_ADDR": self.address}
        headers = self.headers | (headers or {})
        # A context of its own, as on a server: what `g` remembers of one request must not be there in the next.
        return contextvars.Context().run(
            self.client.open, path, method=method, headers=headers, environ_base=environ, buffered=True, **options
        )
