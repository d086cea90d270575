"""`flask --app wsgi books check`: every invariant of the ledger with its figure."""

import sys

import click
from flask.cli import AppGroup

from app import clock, ledger
from app.db import snapshot, transaction

books = AppGroup("books", help="The ledger's own proof.")


@books.command("check")
def check() -> None:
    """Print each invariant with its figure; exit 1 if one fails. Payouts stop until a check finds all of them whole."""
    with snapshot() as connection:
        findings = ledger.check_books(connection)
    transaction(ledger.record_checkup, findings, clock.now())
    for finding in findings:
        state = "ok    " if finding.holds else "BROKEN"
        broken = "" if finding.holds else f"  ({finding.broken} broken)"
        click.echo(f"{finding.id}  {state}  {finding.figure:>12,} {finding.unit:<10} {finding.title}{broken}")
    sys.exit(0 if all(finding.holds for finding in findings) else 1)
