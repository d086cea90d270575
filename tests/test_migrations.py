"""The migrated schema is the schema of the models, on both databases."""

import json

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from app.db import db
from tests.shop import Person

pytestmark = pytest.mark.both_databases
ASPECTS = ("columns", "pk_constraint", "unique_constraints", "check_constraints", "foreign_keys", "indexes")


def test_the_migrated_schema_is_the_models_schema(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []


@pytest.fixture
def made_by_models(app, request, tmp_path):
    """A second database, made from the models without a migration."""
    on_sqlite = db.engine.dialect.name == "sqlite"
    url = f"sqlite:///{tmp_path / 'models.sqlite3'}" if on_sqlite else request.getfixturevalue("cluster").create()
    engine = create_engine(url, poolclass=NullPool)
    db.metadata.create_all(engine)
    return engine


def described(engine):
    """What the database itself says of its tables; alembic looks at no CHECK, and at no WHERE of an index."""
    inspector = inspect(engine)
    tables = set(inspector.get_table_names()) - {"alembic_version"}
    return {
        (table, aspect): in_an_order(getattr(inspector, f"get_{aspect}")(table))
        for table in tables
        for aspect in ASPECTS
    }


def in_an_order(found):
    parts = found if isinstance(found, list) else [found]
    return sorted(json.dumps(part, default=str, sort_keys=True) for part in parts)


def test_the_databases_describe_both_schemas_alike(made_by_models):
    migrated, modelled = described(db.engine), described(made_by_models)
    assert {place for place in migrated.keys() | modelled if migrated.get(place) != modelled.get(place)} == set()


def test_a_shop_with_something_in_it_is_brought_up_to_date(app, shop):
    """Each later migration meets rows: a column that nobody filled is found here, not at a merchant's."""
    shop.buy(Person("clara@example.com"), via=shop.member("anna@example.com"))
    db.session.rollback()
    flask_migrate.downgrade(revision="0001")
    flask_migrate.upgrade()
    assert shop.count("SELECT count(*) FROM commission") == shop.count("SELECT count(*) FROM sku") == 1
    shop.buy(Person("clara@example.com"))
