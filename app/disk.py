"""The disk: how much room is left, and whether it is one that SQLite can trust."""

import os
import shutil
from pathlib import Path

from app.config import Config, ConfigError
from app.errors import N_, Refusal

MEGABYTE = 1_000_000
LOW_BYTES = 200 * MEGABYTE
# What is left then belongs to callbacks: money that came must be written down.
RESERVE_BYTES = 50 * MEGABYTE
# Locks there are promises that nobody keeps, and a database under two writers breaks.
NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.rclone",
    }
)
MOUNTS = Path("/proc/self/mounts")


class NoRoom(Refusal):
    """The disk is nearly full."""

    status = 503
    retry_after_seconds = 600


def free_bytes(path: Path) -> int:
    """How much can still be written where `path` is, or will be."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def refuse_orders_without_room(config: Config) -> None:
    """Raise NoRoom when so little is left beside a SQLite file that it has to be kept for callbacks."""
    if config.is_sqlite and free_bytes(config.instance) < RESERVE_BYTES:
        raise NoRoom(N_("The shop takes no new orders at this moment: its disk is full. Nothing was changed."))


def file_system(path: Path, mounts: str | None = None) -> str:
    """The kind of file system that holds `path`; "" where the machine does not tell."""
    try:
        lines = (MOUNTS.read_text() if mounts is None else mounts).splitlines()
    except OSError:
        return ""
    place, found, longest = os.path.realpath(path), "", -1
    for line in lines:
        _device, point, kind, *_rest = line.split()
        point = point.replace("\\040", " ")
        if (place == point or place.startswith(point.rstrip("/") + "/")) and len(point) >= longest:
            found, longest = kind, len(point)
    return found


def refuse_network(database: Path | None) -> None:
    """Raise ConfigError when a SQLite file lies on a network's file system (guard, "SQLite")."""
    kind = file_system(database) if database else ""
    if kind in NETWORK:
        raise ConfigError(
            f"{database} is on a network file system ({kind}), where SQLite loses data. "
            "Set INSTANCE to a folder on a disk of this machine, or DATABASE_URL to a PostgreSQL server."
        )
