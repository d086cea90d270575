"""`flask --app wsgi accounts link CONTACT`: a one-time link for somebody who cannot log in."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Connection

from app import accounts as room
from app import audit, clock
from app.db import db, transaction

accounts = AppGroup("accounts", help="People who log in.")


@accounts.command("link")
@click.argument("contact")
def link(contact: str) -> None:
    """Print a link, good once for 30 minutes, by which CONTACT sets a new password."""
    token = transaction(room.issue_ticket, "password", _account(contact), clock.now())
    click.echo(f"{current_app.config['SHOP'].public_url}/passwords/{token}")


@accounts.command("invite")
@click.argument("role", type=click.Choice([role for role in room.STAFF_ROLES if role != "owner"]))
def invite(role: str) -> None:
    """Print a link, good once for 30 minutes, by which somebody sets up an account that helps to run the shop.

    A link that was printed before for the same ROLE stops working.
    """
    token = transaction(room.issue_ticket, role, None, clock.now())
    click.echo(f"{current_app.config['SHOP'].public_url}/welcome/{token}")


@accounts.command("unguard")
@click.argument("contact")
def unguard(contact: str) -> None:
    """Take the second factor off the account of CONTACT, whose phone and recovery codes are gone; it is logged out everywhere."""
    account_id = _account(contact)
    transaction(_unguard, account_id, audit.Who(None, "console", "", "-", clock.now()))
    click.echo(f"{contact} logs in by the password alone now.")


def _unguard(tx: Connection, account_id: int, who: audit.Who) -> None:
    room.drop_second_factor(tx, account_id)
    room.close_all_sessions(tx, account_id)
    audit.record(tx, who, "factor.destroy", f"account:{account_id}", reason="by the console")


def _account(contact: str) -> int:
    try:
        found = room.account_by_contact(db.session, room.read_contact(contact))
    except room.BadContact as refusal:
        raise click.ClickException(refusal.text()) from None
    if found is None:
        raise click.ClickException(f"No account goes by {contact}.")
    return found[0]


@accounts.command("owner")
def owner() -> None:
    """Print a new one-time link for the shop's first owner."""
    with db.engine.connect() as connection:
        if room.owner_exists(connection):
            raise click.ClickException("The shop has an owner. Use: accounts link CONTACT")
    token = transaction(room.issue_ticket, "owner", None, clock.now())
    click.echo(f"{current_app.config['SHOP'].public_url}/welcome/{token}")
