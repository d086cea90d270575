"""The version of the database's tables: which one is there, and which ones this program knows."""

from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from app.config import ConfigError
from app.version import VERSION

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


@cache
def _known() -> tuple[str, ...]:
    script = ScriptDirectory(str(MIGRATIONS))
    return tuple(revision.revision for revision in script.walk_revisions())


def head() -> str:
    """The newest version of the tables that this program knows."""
    return _known()[0]


def is_known(revision: str) -> bool:
    """Whether this program knows a version of the tables; it does not know those of later programs."""
    return revision in _known()


def revision(connection: Connection) -> str | None:
    """The version of the tables that are there, None when none are."""
    return MigrationContext.configure(connection).get_current_revision()


def refuse_newer(url: str) -> None:
    """Raise ConfigError when a later program has changed the tables: this one would not understand what they hold."""
    address = make_url(url)
    if address.drivername == "sqlite" and not (address.database and Path(address.database).exists()):
        return
    engine = create_engine(address, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            found = revision(connection)
    finally:
        engine.dispose()
    if found is not None and not is_known(found):
        raise ConfigError(
            f"the database is of a newer version of the program (tables {found}; version {VERSION} knows {head()} and before). "
            "Install the newer version again, or restore a backup that this version made."
        )
