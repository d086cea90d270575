"""Runs migrations on the application's own database, each in one transaction."""

from alembic import context
from flask import current_app

from app.db import db


def run() -> None:
    configure_args = current_app.extensions["migrate"].configure_args
    # The write lock is taken before anything is read, and SQLite's foreign keys rest while tables are rebuilt.
    with db.engine.connect().execution_options(write=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(connection=connection, target_metadata=db.metadata, transactional_ddl=True, **configure_args)
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
