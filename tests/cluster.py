"""A throw-away PostgreSQL cluster: made for the tests, without fsync, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path
from types import TracebackType

import psycopg

ROOM_BYTES = 4 * 1024**3


def find_binaries() -> Path | None:
    """The folder that has initdb and postgres, newest version first."""
    found = shutil.which("initdb")
    if found and Path(found).with_name("postgres").exists():
        return Path(found).parent
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return candidates[0].parent if candidates else None


def quick_folder() -> str:
    """Where a throw-away database is quickest: in memory, where a machine has room for it."""
    memory = "/dev/shm"  # noqa: S108
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_BYTES
    return memory if has_room else "/tmp"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """`with Cluster(binaries) as cluster: cluster.create()` gives the address of an empty database."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir=quick_folder()))
        self.port = free_port()
        # PostgreSQL refuses to run as root; the package brings a user of its own.
        self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []

    def __enter__(self) -> "Cluster":
        if self.prefix:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "shop", "--locale=C.UTF-8", "-N")
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder} -c fsync=off -c max_connections=200"
        options += " -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off"
        self._run("pg_ctl", "-D", "data", "-o", options, "-l", "log", "-w", "start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self.prefix, self.binaries / program, *arguments],
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def create(self, name: str | None = None, template: str = "template0") -> str:
        """Make a database, empty or as a copy of `template`, and return its address."""
        name = name or f"t{uuid.uuid4().hex[:12]}"
        with psycopg.connect(f"postgresql://shop@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            # Without a log of each page: a template is small, and nothing here outlives the run.
            strategy = "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')
        return f"postgresql+psycopg://shop@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """Take a database away again: a thousand of them would fill the disk."""
        with psycopg.connect(f"postgresql://shop@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')
