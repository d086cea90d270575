"""The desk of the shell: `flask --app wsgi ...`."""

from flask import Flask

from app.commands import (
    accounts,
    audit,
    backup,
    books,
    doctor,
    figures,
    keys,
    payments,
    restore,
    sample,
    serve,
    settle,
    webhooks,
    worker,
)


def register(app: Flask) -> None:
    own = (serve.serve, worker.worker, books.books, settle.settle, sample.sample, accounts.accounts)
    care = (backup.backup, restore.restore, keys.keys, doctor.doctor)
    for command in (*own, *care, payments.payments, webhooks.webhooks, audit.audit, figures.figures):
        app.cli.add_command(command)
