"""`flask --app wsgi keys rotate`: a new key for what is stored encrypted, and every value brought under it."""

import os

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Connection

from app import audit, keyfiles, resealing, vault
from app.commands.console import console
from app.config import Config
from app.db import db, transaction

keys = AppGroup("keys", help="The keys in the folder keys/.")


@keys.command("rotate")
def rotate() -> None:
    """Make a new key and bring every encrypted value under it, 500 at a time, while the shop goes on.

    It may be stopped at any time; the next run goes on where this one was, before it makes a further key.
    """
    kid = vault.newest_kid()
    with db.engine.connect() as connection:
        left = resealing.waiting(connection)
    if left:
        click.echo(f"{left:,} values are under older keys still; bringing them under {kid} ...")
    else:
        config: Config = current_app.config["SHOP"]
        kid = keyfiles.add(config.instance, "field_enc", os.environ)
        vault.reload()
        transaction(_record, kid)
        click.echo(f"Made the key {kid}. Make a backup soon: what is sealed from now on opens with it alone.")
    done = shut = 0
    for column in resealing.columns():
        last = None
        while True:
            last, more, unread = transaction(resealing.reseal, column, last)
            done, shut = done + more, shut + unread
            if last is None:
                break
    click.echo(f"{done:,} values are under {kid} now. Older keys stay, for backups and what is being written.")
    if shut:
        raise click.ClickException(
            f"{shut:,} values did not open and were left as they are: a key is missing in keys/."
        )


def _record(tx: Connection, kid: str) -> None:
    audit.record(tx, console(), "key.create", "key:field_enc", now={"key": kid})
