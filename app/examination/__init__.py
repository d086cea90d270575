"""A check-up of the shop and its machine, line by line: what is well, what is not, and what to do about it."""

from collections.abc import Callable, Iterator

from flask import current_app
from sqlalchemy import Connection

from app import shop
from app.config import Config
from app.db import db, snapshot
from app.examination import business, machine
from app.examination.finding import FAIL, OK, WARN, Finding

__all__ = ["FAIL", "OK", "WARN", "Finding", "examine"]

Look = Callable[[Config, Connection], Iterator[Finding]]
LOOKS: tuple[Look, ...] = (
    business.look_at_address,
    business.look_at_worker,
    business.look_at_gateways,
    business.look_at_mail,
    machine.look_at_keys,
    machine.look_at_disk,
    machine.look_at_database,
    business.look_at_books,
    machine.look_at_backups,
    business.look_at_people,
)


def examine(reference: int | None = None) -> list[Finding]:
    """Look at everything. It reads the whole audit log and every sealed value, so it is for a person who asks.

    `reference` is the true time, from a clock that somebody trusts.
    """
    config: Config = current_app.config["SHOP"]
    with snapshot() as connection:
        found = [*machine.look_at_clock(shop.read_settings(connection), reference)]
        found += [finding for look in LOOKS for finding in look(config, connection)]
    db.session.rollback()
    return found
