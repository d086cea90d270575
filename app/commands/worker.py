"""`flask --app wsgi worker`: runs the jobs of app/commands/jobs.py; one worker leads."""

import logging
import os
import signal
import socket
import threading
from types import FrameType

import click
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import clock, shop
from app.commands.jobs import EVERY_SECONDS, JOBS
from app.db import db, transaction

log = logging.getLogger(__name__)
LEASE = "worker"
LEASE_SECONDS = 45


def run_job(app: Flask, name: str, holder: str) -> bool:
    """Run one job if this worker leads. A job that fails is logged and comes again; it never ends the worker."""
    with app.app_context():
        try:
            if not transaction(shop.take_lease, LEASE, holder, LEASE_SECONDS, clock.now()):
                return False
            JOBS[name]()
        except Exception:
            log.exception("job %s failed and will be tried again", name)
            return False
        return True


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run the shop's jobs until Ctrl-C."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    holder = f"{socket.gethostname()}:{os.getpid()}"
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler = BlockingScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})

    ending = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ending.set()
        if not scheduler.running:
            raise SystemExit(0)
        scheduler.shutdown(wait=False)

    # Before the first job, so that an early Ctrl-C ends as quietly as a late one.
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        for name, seconds in EVERY_SECONDS.items():
            # What a signal raises is lost where a driver calls back; what it noted is not.
            if ending.is_set():
                return
            # A backup takes its time, and the others would wait for it.
            if name != "backup":
                run_job(app, name, holder)
            scheduler.add_job(run_job, "interval", (app, name, holder), seconds=seconds, id=name)
        db.session.remove()
        scheduler.start()
    finally:
        transaction(shop.drop_lease, LEASE, holder, clock.now())
