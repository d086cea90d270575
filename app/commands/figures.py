"""`flask --app wsgi figures check` and `figures rebuild`: what each hour came to, beside what the orders say."""

import sys

import click
from flask.cli import AppGroup

from app import orders
from app.db import snapshot, transaction

figures = AppGroup("figures", help="The shop's figures by the hour.")


@figures.command("check")
def check() -> None:
    """Compare the figures with the orders; exit 1 if an hour differs."""
    with snapshot() as connection:
        broken = orders.broken_figures(connection)
    click.echo(f"{broken} hours differ: run “figures rebuild”." if broken else "The figures are what the orders say.")
    sys.exit(1 if broken else 0)


@figures.command("rebuild")
def rebuild() -> None:
    """Count all figures anew; the shop may go on meanwhile."""
    transaction(orders.rebuild_figures)
    click.echo("The figures were counted anew.")
