"""Two addresses for monitors; they say nothing private."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from app import clock, shop
from app.db import db

pages = Blueprint("health", __name__)


@pages.get("/healthz", endpoint="alive")
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain")


@pages.get("/readyz", endpoint="ready")
def ready() -> Response:
    """The database answers, its schema is this version's, and the worker is alive."""
    try:
        faults = _faults()
    except SQLAlchemyError:
        faults = ["database"]
    text = "ready\n" if not faults else f"not ready: {', '.join(faults)}\n"
    return Response(text, 503 if faults else 200, content_type="text/plain")


def _faults() -> list[str]:
    directory = str(current_app.extensions["migrate"].directory)
    head = ScriptDirectory(directory).get_current_head()
    current = MigrationContext.configure(db.session.connection()).get_current_revision()
    faults = ["migrations"] if current != head else []
    if shop.is_silent(db.session, "worker", clock.now()):
        faults.append("worker")
    return faults
