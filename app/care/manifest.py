"""A manifest: what a backup holds - versions, counts, the state of the books, and the hash of each file."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from app import audit, ledger, shop
from app.errors import N_, Refusal

FORMAT = "tengka-backup-1"
NAME = "manifest.json"
# Read by name on purpose: what is counted belongs to rooms above.
COUNTED = {
    "orders": "SELECT count(*) FROM orders",
    "paid": "SELECT count(*) FROM orders WHERE state = 'paid'",
    "products": "SELECT count(*) FROM product",
    "codes": "SELECT count(*) FROM card",
    "accounts": "SELECT count(*) FROM account",
    "entries": "SELECT count(*) FROM journal",
    "last_paid_at": "SELECT coalesce(max(paid_at), 0) FROM orders",
}


@dataclass(frozen=True)
class Content:
    """One file of a backup."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`database` is 'sqlite' or 'postgresql', `broken` names the invariants of the books that did not hold."""

    version: str
    schema: str
    database: str
    made_at: int
    shop_name: str
    counts: dict[str, int]
    broken: list[str]
    audit_entries: int
    audit_head: str
    audit_broken: bool
    files: list[Content] = field(default_factory=list)
    format: str = FORMAT

    def write(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2).encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an unpacked backup. Raises Refusal."""
    try:
        told: dict[str, Any] = json.loads((folder / NAME).read_bytes())
        if told["format"] != FORMAT:
            raise ValueError
        return Manifest(**(told | {"files": [Content(**one) for one in told["files"]]}))
    except (OSError, ValueError, TypeError, KeyError):
        raise Refusal(N_("This is no backup that this version of the program can read.")) from None


def describe(connection: Connection, *, version: str, schema: str, now: int) -> Manifest:
    """What the database that `connection` sees holds, and whether its books balance; files are put in afterwards."""
    verdict = audit.verify_chain(connection)
    return Manifest(
        version=version,
        schema=schema,
        database=connection.dialect.name,
        made_at=now,
        shop_name=shop.read_settings(connection).name,
        counts={name: int(connection.execute(text(query)).scalar_one()) for name, query in COUNTED.items()},
        broken=[finding.id for finding in ledger.check_books(connection) if not finding.holds],
        audit_entries=verdict.count,
        audit_head=verdict.head.hex(),
        audit_broken=verdict.broken is not None,
    )


def describe_file(name: str, path: Path) -> Content:
    with path.open("rb") as file:
        return Content(name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def check_files(folder: Path, contents: Sequence[Content]) -> None:
    """Every file of the manifest is there as it was, and no other. Raises Refusal."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {NAME}
    if there != {one.path for one in contents}:
        raise Refusal(N_("The backup is not whole: other files are in it than its manifest names."))
    for one in contents:
        if describe_file(one.path, folder / one.path) != one:
            raise Refusal(N_("The backup is damaged: %(name)s is not as it was written."), name=one.path)
