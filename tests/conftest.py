"""Fixtures: a migrated database a test, on SQLite and where asked on PostgreSQL, and the books checked behind each."""

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import flask_migrate
import pytest
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import text

from app import clock, create_app, ledger, orders
from app.config import Config
from app.db import db
from tests.cluster import Cluster, find_binaries, quick_folder
from tests.routing import compile_once
from tests.server import Server
from tests.shop import Shop
from tests.visitor import Visitor

NOW = 1_790_000_000
asking = import_module("app.trade.ask")


class Templates(BytecodeCache):
    """What one application compiled serves the next, for as long as a template's text is the same."""

    compiled: ClassVar[dict[tuple[str, str], object]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key, bucket.checksum] = bucket.code


def pytest_configure() -> None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", quick_folder())
    compile_once(pytest.MonkeyPatch())


def missing(what: str) -> None:
    """Skip for want of `what`, or fail where everything has to be there."""
    if os.environ.get("REQUIRE_ALL"):
        pytest.fail(f"{what} is required here and was not found")
    pytest.skip(f"{what} was not found")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize("database", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True)


def configuration(instance: Path, url: str | None = None, **changes: object) -> Config:
    values: dict[str, object] = {"instance": instance, "testing": True, "public_url": "http://localhost"}
    values["database_url"] = url or f"sqlite:///{instance / 'shop.sqlite3'}"
    return Config(**(values | changes))  # type: ignore[arg-type]


def migrate(config: Config) -> None:
    app = create_app(config)
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with keys and a migrated, empty SQLite database."""
    instance = tmp_path_factory.mktemp("template")
    migrate(configuration(instance))
    return instance


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A throw-away PostgreSQL cluster on loopback."""
    binaries = find_binaries()
    if binaries is None:
        missing("PostgreSQL")
    assert binaries is not None
    with Cluster(binaries) as running:
        yield running


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster, template: Path) -> str:
    migrate(configuration(template, cluster.create("template_shop")))
    return "template_shop"


@pytest.fixture
def instance(template: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    shutil.copytree(template, folder)
    return folder


@pytest.fixture
def database(request: pytest.FixtureRequest, instance: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    if request.param == "sqlite":
        yield f"sqlite:///{instance / 'shop.sqlite3'}"
        return
    template = request.getfixturevalue("postgresql_template")
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.create(template=template)
    yield url
    cluster.drop(url)


@pytest.fixture
def app(instance: Path, database: str, request: pytest.FixtureRequest) -> Iterator[object]:
    marker = request.node.get_closest_marker("config")
    app = create_app(configuration(instance, database, **(marker.kwargs if marker else {})))
    app.jinja_env.bytecode_cache = Templates()
    # What an earlier test's provider did is not this one's fault.
    asking.breaker.forget()
    # Time stands still, so that acts below and pages above agree on it; tests that need it to pass freeze another instant.
    with clock.frozen(NOW), app.app_context():
        yield app
        db.session.rollback()
        broken = [finding for finding in ledger.check_books(db.session) if not finding.holds]
        assert not broken
        assert _codes_are_whole()
        assert orders.broken_figures(db.session) == 0
        db.session.remove()
        db.engine.dispose()


def _codes_are_whole() -> bool:
    """Codes sold are codes of delivered orders, and each delivered order has exactly its codes."""
    return not db.session.execute(
        text(
            "SELECT orders.id FROM orders JOIN order_line ON order_line.order_id = orders.id "
            "LEFT JOIN (SELECT order_id, count(*) AS cards FROM card WHERE state = 'sold' GROUP BY order_id) AS sold "
            "ON sold.order_id = orders.id GROUP BY orders.id, orders.delivered_at, sold.cards "
            "HAVING coalesce(sold.cards, 0) <> CASE WHEN orders.delivered_at IS NULL THEN 0 ELSE sum(order_line.quantity) END"
        )
    ).all()


@pytest.fixture
def shop(app: object) -> Shop:
    """A shop with a test channel and one product of 100 yuan with 20 codes, driven through the real acts."""
    return Shop(NOW)


@pytest.fixture
def visitor(app: object, shop: Shop) -> Visitor:
    """Somebody with a browser of their own, before the real pages."""
    return Visitor(app)  # type: ignore[arg-type]


@pytest.fixture
def server(shop: Shop, app: object, instance: Path, database: str) -> Iterator[Server]:
    """The real server over the test's own shop."""
    with Server(instance, database) as running:
        yield running
