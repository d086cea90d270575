"""`flask --app wsgi audit verify`: whether the log of what was done is as it was written."""

import sys

import click
from flask.cli import AppGroup

from app import audit as room
from app.db import snapshot

audit = AppGroup("audit", help="The log of what was done.")


@audit.command("verify")
def verify() -> None:
    """Compute the whole chain anew; exit 1 and name the first entry that is not as it was written."""
    with snapshot() as connection:
        verdict = room.examine(connection)
    if verdict.broken:
        click.echo(f"entry {verdict.broken.entry_id}: {verdict.broken.what}")
        sys.exit(1)
    click.echo(f"{verdict.count} entries, each as it was written; the last hash is {verdict.head.hex()}")
