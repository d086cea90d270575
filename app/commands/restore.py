"""`flask --app wsgi restore FILE`: a backup becomes a shop again, in an empty place, and says what it is and what to do next."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import flask_migrate
from flask import Flask
from sqlalchemy import Connection

from app import accounts, audit, care, clock, config, keyfiles, ledger, resealing
from app.commands.console import console
from app.db import db, snapshot, transaction
from app.errors import Refusal


@click.command("restore")
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the recovery key or the passphrase from this file, in place of asking or reading from the input.",
)
def restore(source: Path, key_file: Path | None) -> None:
    """Restore FILE into the empty folder of INSTANCE (and the empty database of DATABASE_URL)."""
    settings = config.read()
    premises = care.Premises(settings.instance, settings.database_url, os.environ)
    try:
        care.refuse_taken(premises)
        secret = _secret(key_file)
        with care.opened(premises, source, secret) as (folder, manifest):
            click.echo(f"The backup is whole. It was made on {_day(manifest.made_at)} by version {manifest.version}.")
            care.put_in_place(premises, folder)
    except (Refusal, keyfiles.VaultError) as refusal:
        raise click.ClickException(str(refusal)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or source} cannot be used: {error.strerror or error}.") from None
    from app import create_app

    app = create_app(settings)
    with app.app_context():
        whole = _bring_to_life(manifest)
        db.session.remove()
        db.engine.dispose()
    sys.exit(0 if whole else 1)


def only_this() -> Flask:
    """An application that can do nothing but restore: anything more would make keys in the folder that has to be empty."""
    app = Flask("app")
    app.cli.add_command(restore)
    return app


def _secret(key_file: Path | None) -> str:
    # Never on the command line, where every user of the machine can read it.
    if key_file is not None:
        return key_file.read_text().strip()
    if sys.stdin.isatty():
        asked: str = click.prompt("Recovery key or passphrase", hide_input=True)
        return asked.strip()
    return sys.stdin.readline().strip()


def _bring_to_life(manifest: care.Manifest) -> bool:
    """Bring the tables up to date, void what lets people in, and look at everything once. Whether all is well."""
    flask_migrate.upgrade()
    sessions, keys = transaction(_close_doors, manifest)
    with snapshot() as connection:
        findings = ledger.check_books(connection)
        verdict = audit.verify_chain(connection)
        opened, shut = resealing.count(connection)
    transaction(ledger.record_checkup, findings, clock.now())
    broken = [finding.id for finding in findings if not finding.holds]
    counts = manifest.counts
    click.echo(f"\n{manifest.shop_name}")
    click.echo(
        f"  {counts['orders']:,} orders ({counts['paid']:,} paid), the last paid on {_day(counts['last_paid_at'])}"
    )
    click.echo(f"  {counts['products']:,} products, {counts['codes']:,} codes, {counts['accounts']:,} accounts")
    click.echo(f"  books      {'balance' if not broken else 'DO NOT BALANCE: ' + ' '.join(broken)}")
    click.echo(f"  audit log  {verdict.count:,} entries, {'whole' if verdict.broken is None else verdict.broken.what}")
    click.echo(f"  encrypted  {opened:,} values open" + (f", {shut:,} DO NOT" if shut else ""))
    click.echo(f"  sessions   {sessions:,} ended; everybody logs in anew")
    if keys:
        click.echo(f"  API keys   {keys:,} revoked; make new ones at the desk")
    since = datetime.fromtimestamp(manifest.made_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    click.echo(
        "\nWhat happened after the backup is not in it. Before the shop opens again:\n"
        f"  1. flask --app wsgi payments reconcile --since {since}\n"
        "     asks the providers about payments that were open then, and delivers what was paid.\n"
        "  2. Compare the provider's list of payments since then (Admin, Payment inbox, Statements): orders placed after the\n"
        "     backup are unknown here, and their buyers have to be helped by hand.\n"
        "  3. Compare refunds and payouts sent since then, so that none is sent twice.\n"
        "  4. flask --app wsgi doctor"
    )
    return not broken and verdict.broken is None and not shut


def _close_doors(tx: Connection, manifest: care.Manifest) -> tuple[int, int]:
    sessions = accounts.close_every_session(tx)
    keys = accounts.revoke_every_api_key(tx, clock.now())
    accounts.void_every_ticket(tx, clock.now())
    now = {"made_at": manifest.made_at, "version": manifest.version, "audit_head": manifest.audit_head}
    audit.record(tx, console(), "backup.restore", "shop", now=now)
    return sessions, keys


def _day(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%d %H:%M} UTC" if instant else "no day yet"
