"""The machine under the shop: its clock, its disk, its files, its database, its backups."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import Connection

from app import care, clock, disk, drift, keyfiles, resealing, schema, shop
from app.config import Config
from app.examination.finding import FAIL, OK, WARN, Finding
from app.premises import premises


def look_at_clock(kept: shop.Settings, reference: int | None) -> Iterator[Finding]:
    off = kept.clock_off_seconds if reference is None else reference - clock.now()
    if reference is None and not kept.clock_heard_at:
        yield Finding("clock", OK, _("No provider was heard yet to compare it with."))
    elif abs(off) > drift.WARN_SECONDS:
        todo = _("Set the clock by the network: timedatectl set-ntp true")
        state = FAIL if abs(off) > drift.FAIL_SECONDS else WARN
        yield Finding("clock", state, _("It is off by %(seconds)s seconds.", seconds=abs(off)), todo)
    else:
        yield Finding("clock", OK, _("It is right to %(seconds)s seconds.", seconds=max(1, abs(off))))


def look_at_keys(config: Config, connection: Connection) -> Iterator[Finding]:
    loose = [str(path) for path in _private(config) if path.exists() and path.stat().st_mode & 0o077]
    if loose:
        todo = "chmod go-rwx " + " ".join(loose)
        yield Finding(
            "permissions", FAIL, _("Other users of this machine can read them: %(names)s", names=loose[0]), todo
        )
    else:
        yield Finding("permissions", OK, _("Keys, database and backups are private."))
    opened, shut = resealing.count(connection)
    if shut:
        todo = _("Restore the folder keys/ from the backup.")
        yield Finding("keys", FAIL, _("%(num)s encrypted values do not open.", num=shut), todo)
    else:
        yield Finding("keys", OK, _("%(num)s encrypted values open.", num=opened))


def _private(config: Config) -> Iterator[keyfiles.Path]:
    yield config.instance / "keys"
    yield config.instance / "backups"
    yield from keyfiles.files(config.instance).values()
    if config.sqlite_file is not None:
        yield config.sqlite_file


def look_at_disk(config: Config, _connection: Connection) -> Iterator[Finding]:
    free = disk.free_bytes(config.instance)
    said = _("%(free)s MB are free.", free=free // disk.MEGABYTE)
    if free < disk.RESERVE_BYTES:
        yield Finding("disk", FAIL, said, _("Make room now: the shop takes no orders."))
    elif free < disk.LOW_BYTES:
        yield Finding("disk", WARN, said, _("Make room soon."))
    else:
        yield Finding("disk", OK, said)
    kind = disk.file_system(config.sqlite_file) if config.sqlite_file else ""
    if kind in disk.NETWORK:
        todo = _("Move INSTANCE to a disk of this machine, or use PostgreSQL.")
        yield Finding("file system", FAIL, _("SQLite is on a network file system (%(kind)s).", kind=kind), todo)


def look_at_database(config: Config, connection: Connection) -> Iterator[Finding]:
    there = schema.revision(connection)
    if there != schema.head():
        yield Finding(
            "tables", FAIL, _("The tables are of version %(there)s.", there=there or "–"), "flask --app wsgi db upgrade"
        )
    else:
        yield Finding("tables", OK, there)
    if config.is_sqlite:
        said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        todo = _("Stop the shop and restore the last backup: flask --app wsgi restore FILE")
        yield Finding("database", OK if said == "ok" else FAIL, str(said), "" if said == "ok" else todo)


def look_at_backups(_config: Config, _connection: Connection) -> Iterator[Finding]:
    instance, now = premises().instance, clock.now()
    kept, failure = care.list_kept(instance), care.last_failure(instance)
    if failure:
        yield Finding("backup", FAIL, _("The last one failed: %(said)s", said=failure.said), "flask --app wsgi backup")
    elif care.is_late(instance, now):
        said = _("The last good one is older than a day.") if kept else _("There is none.")
        yield Finding("backup", FAIL if kept else WARN, said, "flask --app wsgi backup")
    else:
        hours = (now - kept[0].made_at) // clock.HOUR
        yield Finding("backup", OK, _("The last good one is %(hours)s hours old.", hours=hours))
