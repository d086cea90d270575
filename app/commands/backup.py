"""`flask --app wsgi backup`: one encrypted archive of the whole shop, which nobody can open but who has the recovery key."""

import shutil
from pathlib import Path

import click
from flask.cli import with_appcontext

from app import care, clock, shop
from app.commands.console import console
from app.db import db, transaction
from app.errors import Refusal
from app.premises import choose_recipient, note_backup, premises

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
    transaction(note_backup, kept, console())
    tell(kept)
    if output is not None:
        source = premises().instance / "backups" / kept.name
        click.echo(f"Copied to {shutil.copy(source, output)}.")


def _ask_passphrase() -> str:
    said: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
    return said


def _recipient(wished: str | None, new_key: bool) -> str:
    """Whom backups are encrypted for; with no one yet, a recovery key is made and shown this once."""
    known = shop.read_settings(db.session).backup_recipient
    if wished is None and known and not new_key:
        return known
    key, recipient = (None, care.check_recipient(wished)) if wished is not None else care.draw_recovery_key()
    if not transaction(choose_recipient, recipient, console(), replaces=known):
        raise click.ClickException("Another recovery key was drawn at this moment. Try again.")
    if key is not None:
        click.echo(RECOVERY.format(key=key))
    return recipient


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
