"""`flask --app wsgi books check`: every invariant of the ledger with its figure."""

import sys

import click
from flask.cli import AppGroup

from app import ledger
from app.db import db

books = AppGroup("books", help="The ledger's own proof.")


@books.command("check")
def check() -> None:
    """Print I1 to I9, each with its figure; exit 1 if one fails."""
    findings = ledger.check_books(db.session)
    for finding in findings:
        state = "ok    " if finding.holds else "BROKEN"
        broken = "" if finding.holds else f"  ({finding.broken} broken)"
        click.echo(f"{finding.id}  {state}  {finding.figure:>12,} {finding.unit:<10} {finding.title}{broken}")
    sys.exit(0 if all(finding.holds for finding in findings) else 1)
