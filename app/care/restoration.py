"""A restoration: a backup put into an empty place, or nothing of it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from app import db, keyfiles, schema
from app.care import archive, postgres
from app.care.backup import FILES, KEYS, POSTGRESQL, SQLITE, Premises
from app.care.manifest import Manifest, check_files, read_manifest
from app.errors import N_, Refusal
from app.version import VERSION


def refuse_taken(premises: Premises) -> None:
    """Raise Refusal when something is there already: a restoration never overwrites a shop."""
    if db.has_tables(premises.database_url):
        raise Refusal(N_("The database is not empty. A backup is restored into an empty one only."))
    if keyfiles.files(premises.instance, premises.environment):
        raise Refusal(
            N_("%(folder)s has keys of a shop already. Name an empty folder by INSTANCE."), folder=premises.instance
        )


@contextmanager
def opened(premises: Premises, source: Path, secret: str) -> Iterator[tuple[Path, Manifest]]:
    """The backup, unpacked beside where it will stand and proved whole, with its manifest. Raises Refusal."""
    premises.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=premises.instance) as name:
        folder = Path(name)
        archive.unpack(source, secret, folder)
        manifest = read_manifest(folder)
        check_files(folder, manifest.files)
        if not schema.is_known(manifest.schema):
            raise Refusal(
                N_(
                    "The backup is of version %(theirs)s, and this program is %(ours)s. Install %(theirs)s or later first."
                ),
                theirs=manifest.version,
                ours=VERSION,
            )
        kind = "sqlite" if premises.sqlite_file else "postgresql"
        if manifest.database != kind:
            raise Refusal(
                N_("The backup is of a shop on %(theirs)s. Set DATABASE_URL to a database of that kind."),
                theirs=manifest.database,
            )
        yield folder, manifest


def put_in_place(premises: Premises, folder: Path) -> None:
    """Put keys, database and files where the shop looks for them. Raises what went wrong, and leaves nothing behind."""
    placed: list[Path] = []
    try:
        _place_keys(premises, folder, placed)
        for path in sorted((folder / FILES).rglob("*")):
            if path.is_file():
                _move(path, premises.instance / path.relative_to(folder / FILES), placed)
        # The database comes last: as long as it is not there, there is no shop.
        if premises.sqlite_file is not None:
            _move(folder / SQLITE, premises.sqlite_file, placed)
        else:
            postgres.load(_server_version(premises.database_url), premises.database_url, folder / POSTGRESQL)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise


def _place_keys(premises: Premises, folder: Path, placed: list[Path]) -> None:
    for path in sorted((folder / KEYS).iterdir()):
        target = keyfiles.place_of(path.name, premises.instance, premises.environment)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _move(path, target, placed)
    # An older program made it for everybody to look into.
    if (premises.instance / "keys").is_dir():
        (premises.instance / "keys").chmod(0o700)


def _move(source: Path, target: Path, placed: list[Path]) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.exists():
        # An empty database that a command made while it looked.
        if target.stat().st_size:
            raise Refusal(N_("%(path)s is there already."), path=target)
        target.unlink()
    shutil.copyfile(source, target)
    placed.append(target)
    os.chmod(target, 0o600)
    source.unlink()


def _server_version(url: str) -> int:
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return postgres.server_version(connection)
    finally:
        engine.dispose()
