"""`flask --app wsgi backup`: one encrypted archive of the whole shop, which nobody can open but who has the recovery key."""

import os
import shutil
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection

from app import audit, care, clock, shop
from app.commands.console import console
from app.config import Config
from app.db import db, transaction
from app.errors import Refusal

RECOVERY = """
  RECOVERY KEY of this shop. Write it down, or keep it in a password manager, away from this server:

      {key}

  It is shown now and never again. Whoever has it can open every backup of this shop;
  without it NOBODY can restore one, not even the makers of this program.
"""


@click.command("backup")
@click.option(
    "--recipient", help="Encrypt for this age recipient (age1...) from now on, in place of a recovery key made here."
)
@click.option("--new-key", is_flag=True, help="Make a new recovery key; backups from now on open with it alone.")
@click.option("--passphrase", is_flag=True, help="This one backup opens with a passphrase, which is asked for.")
@click.option("--output", type=click.Path(path_type=Path), help="Copy the archive to this file or folder too.")
@with_appcontext
def backup(recipient: str | None, new_key: bool, passphrase: bool, output: Path | None) -> None:
    """Make a backup of the whole shop while it goes on selling."""
    try:
        secret = care.check_passphrase(_ask_passphrase()) if passphrase else ""
        to = "" if secret else _recipient(recipient, new_key)
        kept = care.make_backup(premises(), now=clock.now(), recipient=to, passphrase=secret)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    except OSError as error:
        raise click.ClickException(f"The backup could not be written: {error.strerror or error}.") from None
    care.clear(premises().instance)
    transaction(record, kept, console())
    tell(kept)
    if output is not None:
        source = premises().instance / "backups" / kept.name
        click.echo(f"Copied to {shutil.copy(source, output)}.")


def premises() -> care.Premises:
    """Where the shop of this process is."""
    config: Config = current_app.config["SHOP"]
    return care.Premises(config.instance, config.database_url, os.environ)


def _ask_passphrase() -> str:
    said: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
    return said


def _recipient(wished: str | None, new_key: bool) -> str:
    """Whom backups are encrypted for; with no one yet, a recovery key is made and shown this once."""
    known = shop.read_settings(db.session).backup_recipient
    if wished is None and known and not new_key:
        return known
    if wished is not None:
        recipient = care.check_recipient(wished)
    else:
        key, recipient = care.draw_recovery_key()
        click.echo(RECOVERY.format(key=key))
    transaction(choose_recipient, recipient, console())
    return recipient


def choose_recipient(tx: Connection, recipient: str, who: audit.Who) -> None:
    """Encrypt backups for this recipient from now on."""
    was = shop.read_settings(tx).backup_recipient
    shop.change_settings(tx, backup_recipient=recipient)
    audit.record(tx, who, "recovery_key.create", "setting", was={"recipient": was}, now={"recipient": recipient})


def record(tx: Connection, kept: care.Kept, who: audit.Who) -> None:
    """Write down that a backup was made."""
    told = {"size": kept.size, "sha256": kept.sha256, "broken": " ".join(kept.broken)}
    audit.record(tx, who, "backup.create", f"backup:{kept.name}", now=told)


def tell(kept: care.Kept) -> None:
    """Print what a backup holds."""
    click.echo(f"{premises().instance / 'backups' / kept.name}")
    click.echo(f"  {kept.size:,} bytes, SHA-256 {kept.sha256}")
    counts = kept.counts
    click.echo(
        f"  {counts['orders']:,} orders ({counts['paid']:,} paid), {counts['products']:,} products, {counts['codes']:,} codes, "
        f"{counts['accounts']:,} accounts, {counts['entries']:,} entries of the ledger"
    )
    if kept.broken:
        click.echo(f"  The books do not balance in it: {' '.join(kept.broken)}. See: flask --app wsgi books check")
    else:
        click.echo("  The books in it balance.")
