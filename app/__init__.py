"""Tengka: a self-hosted card shop with a two-level distribution network."""

from functools import partial

from flask import Flask

from app import (
    admin,
    api,
    arbitration,
    commands,
    config,
    db,
    display,
    error_pages,
    extensions,
    guard,
    hooks,
    keyfiles,
    partner,
    redaction,
    resealing,
    storefront,
    vault,
    visit,
)
from app.config import Config
from app.version import VERSION

__version__ = VERSION


def create_app(settings: Config | None = None) -> Flask:
    """The application: config, extensions, rooms, desks, error pages - in that order."""
    settings = settings or config.read()
    redaction.install()
    app = Flask(__name__, instance_path=str(settings.instance), static_url_path="/static")
    app.config["SHOP"] = settings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = db.engine_options(settings)
    app.config["TESTING"] = settings.testing
    guard.register(app, settings)
    keys = keyfiles.prepare(settings.instance, db.is_empty(settings.database_url))
    vault.install(keys, partial(keyfiles.prepare, settings.instance, False))
    db.register(app)
    extensions.register(app, settings, keys)
    _import_rooms()
    visit.register(app)
    display.register(app)
    for desk in (storefront, partner, admin, arbitration, api, hooks):
        desk.register(app)
    commands.register(app)
    error_pages.register(app)
    return app


def refuse_writes_without_keys(app: Flask) -> None:
    """With keys that do not fit, the shop is shown and nothing is written: what other keys sealed could never be opened."""
    with app.app_context(), db.db.engine.connect() as connection:
        if not resealing.fit_at(connection):
            refusal = resealing.KeysDoNotFit()
            db.refuse_writes(refusal)
            app.logger.error("%s Run flask --app wsgi doctor, and restore keys/ from the backup.", refusal)
        db.db.engine.dispose()


def _import_rooms() -> None:
    # Once, so that no model is missing from the metadata.
    from app import (  # noqa: F401
        accounts,
        audit,
        care,
        catalog,
        delivery,
        ledger,
        orders,
        outbox,
        payments,
        referral,
        settlement,
        shop,
        stock,
        trade,
    )
