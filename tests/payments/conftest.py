"""A provider to talk to, and a shop that waits for it a moment only. The notices themselves are made in notices.py."""

import httpx
import pytest

from app.payments import http
from tests.fakes.epay_server import EpayServer


@pytest.fixture
def provider():
    with EpayServer() as server:
        yield server


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(http, "TIMES", httpx.Timeout(0.3))
    monkeypatch.setattr(http, "WHOLE_SECONDS", 0.6)
