"""Where the shop of this process is, and its backups as desks make them: written down in the log in the same breath."""

import os

from flask import current_app
from sqlalchemy import Connection

from app import audit, care, clock, shop
from app.config import Config
from app.db import db, transaction
from app.errors import Refusal


def premises() -> care.Premises:
    """Where the shop of this process is."""
    config: Config = current_app.config["SHOP"]
    return care.Premises(config.instance, config.database_url, os.environ)


def choose_recipient(tx: Connection, recipient: str, who: audit.Who, *, replaces: str) -> bool:
    """Encrypt backups for this recipient from now on; False when the one that it `replaces` is not there any more."""
    was = shop.read_settings(tx).backup_recipient
    if was != replaces:
        return False
    shop.change_settings(tx, backup_recipient=recipient)
    audit.record(tx, who, "recovery_key.create", "backup", was={"recipient": was}, now={"recipient": recipient})
    return True


def want_backup(tx: Connection, who: audit.Who) -> None:
    """Let the worker make a backup within seconds."""
    shop.change_settings(tx, backup_wanted_at=who.at)
    audit.record(tx, who, "backup.want", "backup")


def note_backup(tx: Connection, kept: care.Kept, who: audit.Who) -> None:
    """Write down that a backup was made."""
    told = {"size": kept.size, "sha256": kept.sha256, "broken": " ".join(kept.broken)}
    audit.record(tx, who, "backup.create", f"backup:{kept.name}", now=told)


def make_due_backup() -> None:
    """Make the night's backup, or the one that somebody asked for. Why it came to nothing is kept for the merchant to read."""
    who = audit.Who(None, "", "worker", "-", clock.now())
    place, wished = premises(), shop.read_settings(db.session)
    if not wished.backup_recipient or not care.is_due(place.instance, wished.backup_wanted_at, who.at):
        return
    db.session.rollback()
    try:
        kept = care.make_backup(place, now=clock.now(), recipient=wished.backup_recipient)
    except Refusal as refusal:
        care.note_failure(place.instance, str(refusal), who.at)
        raise
    except OSError as error:
        care.note_failure(place.instance, error.strerror or str(error), who.at)
        raise
    care.clear(place.instance)
    transaction(note_backup, kept, who)
