"""The desk of the shell: `flask --app wsgi ...`."""

from flask import Flask

from app.commands import accounts, books, payments, sample, serve, settle, worker


def register(app: Flask) -> None:
    own = (serve.serve, worker.worker, books.books, settle.settle, sample.sample, accounts.accounts, payments.payments)
    for command in own:
        app.cli.add_command(command)
