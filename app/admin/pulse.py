"""How the shop is, read for the first page by one statement: what is broken, what is owed, and how far it is set up."""

from dataclasses import dataclass

from flask import current_app

from app import care, shop
from app.config import Config
from app.db import AnyRow, Reader
from app.statement import Statement

# Each is an EXISTS or a read by key. Tables are named as text on purpose: it is one read of what many rooms keep.
_FACTS = {
    "broken": "SELECT broken FROM checkup ORDER BY id DESC LIMIT 1",
    "beat_at": "SELECT beat_at FROM lease WHERE name = 'worker'",
    "dead_letter": "SELECT id FROM letter WHERE state = 'failed' LIMIT 1",
    "product": "SELECT id FROM product WHERE state = 'published' LIMIT 1",
    "card": "SELECT id FROM card LIMIT 1",
    # Keys that worked, or money that came through them.
    "gateway": "SELECT channel.id FROM channel LEFT JOIN balance ON balance.account = 'asset:gateway:' || channel.slug "
    "WHERE gateway NOT IN ('sandbox', 'balance') AND (tested_at IS NOT NULL OR balance.account IS NOT NULL) LIMIT 1",
    "mail": "SELECT id FROM outlet WHERE carrier = 'mail' AND tested_at IS NOT NULL LIMIT 1",
    "factor": "SELECT account_id FROM authenticator WHERE account_id = :account_id AND confirmed_at IS NOT NULL",
    "terms": "SELECT version FROM shop_text WHERE kind = 'terms' LIMIT 1",
}
_READ = Statement("SELECT " + ", ".join(f"({query}) AS {name}" for name, query in _FACTS.items()))


@dataclass(frozen=True)
class Pulse:
    """What a merchant has to know before anything else."""

    facts: AnyRow
    worker_is_silent: bool
    has_backup: bool
    is_https: bool

    @property
    def broken(self) -> str:
        """The invariants that the books break, "" when all hold."""
        return self.facts.broken or ""


def read_pulse(connection: Reader, account_id: int, now: int) -> Pulse:
    """Feel it: one read of the database, and a look at the folder of backups."""
    config: Config = current_app.config["SHOP"]
    facts = _READ.run(connection, {"account_id": account_id}).one()
    return Pulse(
        facts=facts,
        worker_is_silent=facts.beat_at is None or now - facts.beat_at > shop.SILENT_SECONDS,
        has_backup=bool(care.list_kept(config.instance)),
        is_https=config.public_url.startswith("https://"),
    )
