"""A payment gateway that sends signed callbacks over HTTP, and sends them again until it reads `success`."""

import http.client
from urllib.parse import urlsplit

from app import payments
from app.db import db

TIMEOUT_SECONDS = 30


def settings_of(shop) -> dict[str, str]:
    settings = dict(shop.channel.settings)
    # What was read is not what others write afterwards: let go of the snapshot.
    db.session.rollback()
    return settings


def callback(settings: dict[str, str], payment_number: str) -> str:
    """The path of the callback for a payment of 100 yuan; its copies are the same to the letter."""
    query = payments.sign_notice(
        settings,
        payment_number=payment_number,
        trade_number=f"T{payment_number}",
        method="alipay",
        money="100.00",
    )
    return f"/hooks/payments/sandbox?{query}"


def callbacks(shop) -> list[str]:
    """One callback for every payment that waits for one."""
    settings = settings_of(shop)
    numbers = db.session.scalars(db.text("SELECT number FROM payment WHERE paid_at IS NULL ORDER BY id")).all()
    paths = [callback(settings, number) for number in numbers]
    db.session.rollback()
    return paths


def call(base: str, path: str) -> tuple[int, str]:
    """Send one callback on a connection of its own, as gateways do."""
    place = urlsplit(base)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()
