"""`flask --app wsgi doctor`: a check-up of the shop and its machine, a line a thing."""

import sys

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from app import examination
from app.commands.settle import instant


@click.command("doctor")
@click.option("--reference", callback=instant, help="The true time, to compare this machine's clock with (ISO 8601).")
@with_appcontext
def doctor(reference: int | None) -> None:
    """Look at everything, and say what to do about what is not well; exit 1 when something is broken."""
    with force_locale("en"):
        found = examination.examine(reference)
    for finding in found:
        click.echo(f"{finding.state:<5} {finding.name:<20} {finding.said}")
        if finding.todo:
            click.echo(f"{'':<26} → {finding.todo}")
    sys.exit(1 if any(finding.state == examination.FAIL for finding in found) else 0)
