"""A real application with the cellar in it and no rooms."""

import logging

import pytest
from flask import Flask
from flask_babel import Domain

from app import error_pages, extensions, guard, vault
from app.config import Config
from app.db import db


@pytest.fixture
def keys(tmp_path):
    previous = vault._keys
    made = vault.prepare(tmp_path, database_is_empty=True, environment={})
    vault.install(made)
    yield made
    vault._keys = previous


@pytest.fixture
def build(tmp_path, keys, monkeypatch):
    """Make applications: build(public_url=..., ...) with the fields of Config. Nobody is logged in."""
    monkeypatch.setattr(extensions.login, "_user_callback", lambda _id: None)
    # Flask-Babel keeps the catalogs that it has read for all applications of a process; these have none, and read English.
    monkeypatch.setitem(vars(extensions.babel), "domain_instance", Domain(domain="messages"))
    made = []

    def make(**told):
        config = Config(instance=tmp_path, database_url=f"sqlite:///{tmp_path}/shop.sqlite3", testing=True, **told)
        (tmp_path / "static").mkdir(exist_ok=True)
        (tmp_path / "static" / "app.css").write_text("body{}")
        app = Flask(
            "app",
            root_path=str(tmp_path),
            static_folder=str(tmp_path / "static"),
            template_folder=str(tmp_path / "templates"),
        )
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, SQLALCHEMY_DATABASE_URI=config.database_url)
        guard.register(app, config)
        db.init_app(app)
        extensions.register(app, config, keys)
        error_pages.register(app)
        app.get("/", endpoint="get /")(lambda: "home")
        app.post("/", endpoint="post /")(lambda: "written")
        made.append(app)
        return app

    yield make
    for app in made:
        extensions.limiter._storage.close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(build):
    return build()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def template(tmp_path):
    """A template for the error page, in place of the designed one."""
    folder = tmp_path / "templates" / "errors"
    folder.mkdir(parents=True)
    (folder / "show.html").write_text(
        "designed|{{ title }}|{{ sentence }}|{{ todo }}|{{ request_id }}|{{ status }}|{{ order_number or '-' }}"
    )


@pytest.fixture
def quiet_root():
    """Give back the root logger as it was."""
    root = logging.getLogger()
    level, handlers = root.level, [*root.handlers]
    yield root
    root.setLevel(level)
    root.handlers[:] = handlers
