"""`flask --app wsgi accounts link CONTACT`: a one-time link for somebody who cannot log in."""

import click
from flask import current_app
from flask.cli import AppGroup

from app import accounts as room
from app import clock
from app.db import db, transaction

accounts = AppGroup("accounts", help="People who log in.")


@accounts.command("link")
@click.argument("contact")
def link(contact: str) -> None:
    """Print a link, good once for 30 minutes, by which CONTACT sets a new password."""
    try:
        found = room.account_by_contact(db.session, room.read_contact(contact))
    except room.BadContact as refusal:
        raise click.ClickException(refusal.text()) from None
    if found is None:
        raise click.ClickException(f"No account goes by {contact}.")
    token = transaction(room.issue_ticket, "password", found[0], clock.now())
    click.echo(f"{current_app.config['SHOP'].public_url}/passwords/{token}")


@accounts.command("invite")
@click.argument("role", type=click.Choice([role for role in room.STAFF_ROLES if role != "owner"]))
def invite(role: str) -> None:
    """Print a link, good once for 30 minutes, by which somebody sets up an account that helps to run the shop.

    A link that was printed before for the same ROLE stops working.
    """
    token = transaction(room.issue_ticket, role, None, clock.now())
    click.echo(f"{current_app.config['SHOP'].public_url}/welcome/{token}")


@accounts.command("owner")
def owner() -> None:
    """Print a new one-time link for the shop's first owner."""
    with db.engine.connect() as connection:
        if room.owner_exists(connection):
            raise click.ClickException("The shop has an owner. Use: accounts link CONTACT")
    token = transaction(room.issue_ticket, "owner", None, clock.now())
    click.echo(f"{current_app.config['SHOP'].public_url}/welcome/{token}")
