"""pg_dump and pg_restore of this machine: found, new enough for the server, and told the password where no listing shows it."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from app.errors import N_, Refusal

PACKAGED = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def dump(connection: Connection, url: str, target: Path) -> None:
    """Dump what `connection` sees - at the same instant, however long it takes - into a file. Raises Refusal."""
    version = server_version(connection)
    program = _find("pg_dump", version)
    instant = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    _run(program, url, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={instant}", f"--file={target}")
    # Read once to its end: a dump that does not read back is no backup.
    _run(_find("pg_restore", version), "", "--file=/dev/null", str(target))


def load(connection_version: int, url: str, source: Path) -> None:
    """Fill an empty database from a dump, as a whole or not at all. Raises Refusal."""
    how = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    _run(_find("pg_restore", connection_version), url, *how, str(source))


def server_version(connection: Connection) -> int:
    """The server's major version."""
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10000


def _find(name: str, least: int) -> Path:
    """The newest of the programs called `name` that is new enough for the server."""
    packaged = [folder / "bin" / name for folder in PACKAGED.glob("*")]
    named = shutil.which(name)
    found = [path for path in (*([Path(named)] if named else []), *packaged) if os.access(path, os.X_OK)]
    if not found:
        raise Refusal(
            N_("%(name)s is missing on this machine. On Debian and Ubuntu: apt-get install postgresql-client"),
            name=name,
        )
    versions = {path: _version_of(path) for path in found}
    best = max(found, key=lambda path: versions[path])
    if versions[best] < least:
        raise Refusal(
            N_(
                "%(name)s is of version %(found)s and the server of %(needed)s. Please install postgresql-client-%(needed)s."
            ),
            name=name,
            found=versions[best],
            needed=least,
        )
    return best


def _version_of(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = _VERSION.search(said)
    return int(found[1]) if found else 0


def _run(program: Path, url: str, *arguments: str) -> None:
    environment, place = dict(os.environ), list[str]()
    if url:
        address = make_url(url)
        if address.password:
            environment["PGPASSWORD"] = str(address.password)
        plain = address.set(drivername="postgresql").set(password=None)
        place = [f"--dbname={plain.render_as_string(hide_password=False)}"]
    command: Sequence[str] = [str(program), *place, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise Refusal(N_("%(name)s failed: %(said)s"), name=program.name, said=said[:300])
