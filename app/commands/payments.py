"""`flask --app wsgi payments reconcile --since TIME`: ask the providers about everything that is not known to be paid."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from app import clock, trade
from app import payments as room
from app.commands.settle import instant
from app.db import AnyRow, db
from app.money import yuan
from app.payments import Account

payments = AppGroup("payments", help="Money that comes in.")
WORDS = {
    "not_paid": "not paid",
    "no_answer": "the provider did not answer",
    "paused": "not asked: the provider failed again and again",
    "failed": "paid, and could not be settled: see the log",
    "accepted": "PAID, and settled now",
    "duplicate": "paid, and known meanwhile",
}


@payments.command("reconcile")
@click.option(
    "--since",
    required=True,
    callback=instant,
    help="Payments opened since then (ISO 8601; UTC unless it says otherwise).",
)
@click.option("--channel", "slug", help="Only this channel.")
def reconcile(since: int, slug: str | None) -> None:
    """Ask about every unpaid payment since then, expired orders' too, and say what came of each."""
    only = room.channel_by_slug(db.session, slug) if slug else None
    if slug and only is None:
        raise click.ClickException(f"There is no channel {slug}.")
    channels = {channel.id: channel for channel in room.list_channels(db.session)}
    found = settled = 0
    click.echo(f"{'payment':<20}  {'channel':<12}  {'opened':<20}  {'amount':>10}  outcome")
    for batch in room.unpaid_since(db.session, since, channel_id=only.id if only else None):
        for answer in trade.ask_all(list(_by_channel(batch, channels)), clock.now()):
            row = answer.payment
            found, settled = found + 1, settled + (answer.outcome == "accepted")
            words = WORDS.get(answer.outcome, f"paid, and in the queue: {answer.outcome}")
            opened, slug_of = (
                f"{datetime.fromtimestamp(row.created_at, UTC):%Y-%m-%dT%H:%M:%SZ}",
                channels[row.channel_id].slug,
            )
            click.echo(f"{row.number:<20}  {slug_of:<12}  {opened:<20}  {yuan(row.amount_fen):>10}  {words}")
    click.echo(f"{found} unpaid payments asked about, {settled} of them settled.")


def _by_channel(batch: Sequence[AnyRow], channels: dict[int, Account]) -> Iterator[tuple[Account, list[AnyRow]]]:
    for channel in channels.values():
        rows = [row for row in batch if row.channel_id == channel.id]
        if rows and channel.is_sound and channel.gateway.name not in room.UNASKED:
            yield channel, rows
