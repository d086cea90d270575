"""`flask --app wsgi settle`: release what is due now, as the worker does every five minutes."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from app import clock, settlement, trade
from app.db import transaction


def instant(_context: object, _parameter: object, value: str | None) -> int | None:
    """An option's time as epoch seconds, for click."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a time like 2026-11-23T08:00:00+08:00") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


@click.command("settle")
@click.option(
    "--now", callback=instant, help="Settle as if it were this time (ISO 8601; UTC unless it says otherwise)."
)
@with_appcontext
def settle(now: int | None) -> None:
    """Release held commission that is due, and say how many lines were looked at."""
    at = clock.now() if now is None else now
    transaction(trade.retry_accruals, at)
    lines = 0
    while found := transaction(settlement.release_due, at):
        lines += found
    click.echo(f"Settled {lines} lines as of {datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}.")
