"""Every write at the desk leaves an entry in the audit log: looked at behind each request of every test here."""

import sqlite3

from flask import g, request
from sqlalchemy import make_url, text

from app.db import db

# What only counts or computes; nobody's data is another afterwards.
LEAVE_NOTHING = frozenset(
    {"admin.proofs.create", "admin.effects.create", "admin.refund_effects.create", "arbitration.effects.create"}
)
# Desks whose writes are not in the log yet.
NOT_YET: frozenset[str] = frozenset()


def watch(app):
    """Note in the list that is returned each write at the desk that left no entry."""
    unwritten = []
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.drivername != "sqlite":
        return unwritten
    eye = sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)

    def version():
        # It counts the commits of everybody else that changed something.
        return eye.execute("PRAGMA data_version").fetchone()[0]

    def entries():
        return db.session.execute(text("SELECT max(id) FROM audit_entry")).scalar() or 0

    @app.before_request
    def _before():
        if request.method not in ("GET", "HEAD") and request.path.startswith(("/admin", "/arbitration")):
            g.before = (version(), entries())

    @app.after_request
    def _after(response):
        noun = (request.blueprint or "").rpartition(".")[2]
        if (
            "before" in g
            and response.status_code < 400
            and request.endpoint not in LEAVE_NOTHING | NOT_YET
            and noun not in NOT_YET
        ):
            was, count = g.before
            db.session.rollback()
            if version() != was and entries() == count:
                unwritten.append(f"{request.method} {request.path}")
        return response

    return unwritten
