"""The desk of the shell: `flask --app wsgi ...`."""

from flask import Flask

from app.commands import accounts, books, sample, serve, settle, worker


def register(app: Flask) -> None:
    for command in (serve.serve, worker.worker, books.books, settle.settle, sample.sample, accounts.accounts):
        app.cli.add_command(command)
