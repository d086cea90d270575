"""A shop whose letters really leave it, to receivers on loopback."""

from collections.abc import Iterator

import pytest

from app import clock, outbox, trade, wording
from app.db import db, transaction
from tests.fakes.letter_box import Mailbox, Receiver


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def tell(shop):
    """Let the worker's job run at a moment, and return the letters with what became of each."""

    def run(now: int | None = None) -> list[tuple[str, str, str]]:
        with clock.frozen(now or shop.now):
            while transaction(trade.announce, now or shop.now):
                pass
            trade.post_letters(now or shop.now, wording.write)
        db.session.rollback()
        letters, _ = outbox.list_letters(db.session)
        return [(letter.event, letter.audience, letter.state) for letter in reversed(letters)]

    return run


def mail_settings(mailbox: Mailbox, **changes: object) -> dict[str, object]:
    settings = {"host": "127.0.0.1", "security": "plain", "port": str(mailbox.port), "user": "", "mailbox_password": ""}
    settings |= {"sender": "shop@tengka.example", "buyers": True, "distributors": True, "readers": "", "events": []}
    return settings | changes


def open_outlet(carrier: str, settings: dict[str, object], *, enabled: bool = True, now: int = 1) -> str:
    """Add an outlet as the merchant's desk does."""
    values = {"carrier": carrier, "name": carrier, "settings": settings, "enabled": enabled, "now": now}
    slug: str = transaction(outbox.create_outlet, **values)
    return slug
