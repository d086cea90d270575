"""`flask --app wsgi serve`: the whole shop from one command - prepared, announced, served, and ended by one Ctrl-C."""

import os
import signal
import socket
import sys
import time
from types import FrameType

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from app import accounts, clock, payments, shop
from app.commands import children
from app.config import ADDRESS_FILE, Config
from app.db import db, transaction


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Serve the shop and run its worker until Ctrl-C."""
    config: Config = current_app.config["SHOP"]
    _refuse_taken_port(config)
    flask_migrate.upgrade()
    _load_sample_once()
    # Commands in another shell print links; this is where the shop is reached.
    (config.instance / ADDRESS_FILE).write_text(config.public_url)
    _announce(config)
    db.session.remove()
    db.engine.dispose()
    sys.exit(_run_both(config))


def _refuse_taken_port(config: Config) -> None:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise click.ClickException(
                f"Port {config.port} on {config.host} cannot be used ({error.strerror}). "
                "Another program has it; choose one with PORT=8001 make run."
            ) from None


def _load_sample_once() -> None:
    from app.commands import sample

    if sample.is_due():
        click.echo("Loading the sample shop, once ...")
        sample.load_all()


def _announce(config: Config) -> None:
    settings = shop.read_settings(db.session)
    click.echo(f"\n  {settings.name}  {config.public_url}")
    with db.engine.connect() as connection:
        ownerless = not accounts.owner_exists(connection)
    if ownerless:
        token = transaction(accounts.issue_ticket, "owner", None, clock.now())
        click.echo(f"  Set your password (this link works once, for 30 minutes): {config.public_url}/welcome/{token}")
    for channel in payments.list_channels(db.session):
        if channel.gateway.is_test and payments.offered(channel, None, live=settings.is_live):
            click.echo(f"  '{channel.name}' (channel {channel.slug}) is the TEST gateway: it takes no money.")
    click.echo("  Ctrl-C ends the shop.\n")


def _run_both(config: Config) -> int:
    environment = os.environ | {"INSTANCE": str(config.instance)}
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    # Ctrl-C reaches this process alone, and it ends both in order.
    halves = {
        "server": children.start(granian_command(config.host, config.port), environment),
        "worker": children.start([*flask, "worker"], environment),
    }
    ending = False

    def end(_signal: int, _frame: FrameType | None) -> None:
        nonlocal ending
        ending = True

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    while not ending and all(child.poll() is None for child in halves.values()):
        time.sleep(0.2)
    ended = next((name for name, child in halves.items() if child.poll() is not None), None)
    children.end(list(halves.values()))
    if ending:
        return 0
    click.echo(f"The {ended} ended by itself; the shop was stopped. The lines above say why.", err=True)
    return 1


def granian_command(host: str, port: int, target: str = "wsgi:app") -> list[str]:
    """The command line of the server, as `serve` and the tests start it."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", target),
        *("--host", host, "--port", str(port)),
        *("--workers", os.environ.get("WORKERS", "2"), "--blocking-threads", "8", "--backlog", "2048"),
        *("--backpressure", "512", "--log-level", "error", "--no-ws", "--respawn-failed-workers"),
        *("--workers-kill-timeout", str(children.GRACE_SECONDS)),
    ]
