"""The shelf: the folder of backups beside the shop, which of them are kept, and when the last good one was made."""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.care.archive import SUFFIX
from app.clock import DAY, HOUR
from app.errors import N_, Refusal

KEPT_DAYS, KEPT_WEEKS, KEPT_MONTHS = 7, 4, 6
LATE_SECONDS = 26 * HOUR
# 03:30 in Shanghai, when nobody buys.
NIGHT_SECONDS = 19 * HOUR + 30 * 60
RETRY_SECONDS = HOUR
FAILURE = "failure.json"
_NAME = re.compile(r"tengka-[0-9]{8}T[0-9]{6}Z" + re.escape(SUFFIX))


@dataclass(frozen=True)
class Kept:
    """One backup on the shelf: what may be shown of it. `sha256` is of the encrypted file."""

    name: str
    made_at: int
    size: int
    sha256: str
    version: str
    schema: str
    database: str
    counts: dict[str, int]
    broken: list[str]
    by_passphrase: bool = False


@dataclass(frozen=True)
class Failure:
    at: int
    said: str


def folder_of(instance: Path) -> Path:
    """The folder, made if need be: nobody else on the machine looks into it, and no web server serves it."""
    folder = instance / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def name_at(now: int) -> str:
    return f"tengka-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def find(instance: Path, name: str) -> Path | None:
    """The file of a backup by its name."""
    path = instance / "backups" / name
    return path if _NAME.fullmatch(name) and path.is_file() else None


def note(folder: Path, kept: Kept) -> None:
    """Write down what a finished archive is; from here on it is a backup."""
    _write(folder / f"{kept.name}.json", asdict(kept))
    (folder / FAILURE).unlink(missing_ok=True)


def list_kept(instance: Path) -> list[Kept]:
    """Every whole backup, latest first."""
    found = []
    for path in (instance / "backups").glob(f"tengka-*{SUFFIX}"):
        told = _read(path.with_name(f"{path.name}.json"))
        if told is not None and _NAME.fullmatch(path.name):
            found.append(Kept(**told))
    return sorted(found, key=lambda kept: kept.made_at, reverse=True)


def note_failure(instance: Path, said: str, now: int) -> None:
    _write(folder_of(instance) / FAILURE, {"at": now, "said": said})


def last_failure(instance: Path) -> Failure | None:
    """Why the last attempt came to nothing; None when it did not."""
    told = _read(instance / "backups" / FAILURE)
    return Failure(**told) if told else None


def is_due(instance: Path, wanted_at: int, now: int) -> bool:
    """Whether a backup is to be made: somebody asked, or the night's is missing. After a failure it waits for an hour."""
    last, failed = next((kept.made_at for kept in list_kept(instance)), 0), last_failure(instance)
    failed_at = failed.at if failed else 0
    if wanted_at > max(last, failed_at):
        return True
    night = (now - NIGHT_SECONDS) // DAY * DAY + NIGHT_SECONDS
    return last < night and failed_at + RETRY_SECONDS <= now


def is_late(instance: Path, now: int) -> bool:
    """Whether the last good backup is too old, or there is none."""
    kept = list_kept(instance)
    return not kept or kept[0].made_at < now - LATE_SECONDS


def clear(instance: Path) -> list[str]:
    """Take away what is no longer kept: of each of 7 days, 4 weeks and 6 months the latest stays. The names that went."""
    backups = list_kept(instance)
    kept = {
        *_latest(backups, "%Y-%m-%d", KEPT_DAYS),
        *_latest(backups, "%G-%V", KEPT_WEEKS),
        *_latest(backups, "%Y-%m", KEPT_MONTHS),
    }
    gone = [backup.name for backup in backups if backup.name not in kept]
    for name in gone:
        path = instance / "backups" / name
        path.unlink()
        path.with_name(f"{name}.json").unlink()
    return gone


def _latest(backups: list[Kept], period: str, most: int) -> list[str]:
    found: dict[str, str] = {}
    for backup in backups:
        found.setdefault(datetime.fromtimestamp(backup.made_at, UTC).strftime(period), backup.name)
    return list(found.values())[:most]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One backup at a time. Raises Refusal while another is being made."""
    with (folder / ".lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(N_("A backup is being made already.")) from None
        yield


def _write(path: Path, told: object) -> None:
    draft = path.with_name(f".{path.name}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(told, file, ensure_ascii=False)
    draft.replace(path)


def _read(path: Path) -> dict | None:
    try:
        told = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None
