"""A check-up of the shop and its machine, line by line: what is well, what is not, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection

from app import accounts, audit, care, clock, disk, drift, keyfiles, ledger, outbox, payments, resealing, schema, shop
from app.config import Config
from app.db import db, snapshot
from app.premises import premises

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True)
class Finding:
    """One line: the thing that was looked at, how it is (OK, WARN, FAIL), and what to do where it is not well."""

    name: str
    state: str
    said: str
    todo: str = ""


def examine(reference: int | None = None) -> list[Finding]:
    """Look at everything. It reads the whole audit log and every sealed value, so it is for a person who asks.

    `reference` is the true time, from a clock that somebody trusts.
    """
    config: Config = current_app.config["SHOP"]
    with snapshot() as connection:
        found = [*_clock(shop.read_settings(connection), reference)]
        found += [finding for look in LOOKS for finding in look(config, connection)]
    db.session.rollback()
    return found


def _clock(kept: shop.Settings, reference: int | None) -> Iterator[Finding]:
    off = kept.clock_off_seconds if reference is None else reference - clock.now()
    if reference is None and not kept.clock_heard_at:
        yield Finding("clock", OK, _("No provider was heard yet to compare it with."))
    elif abs(off) > drift.WARN_SECONDS:
        todo = _("Set the clock by the network: timedatectl set-ntp true")
        state = FAIL if abs(off) > drift.FAIL_SECONDS else WARN
        yield Finding("clock", state, _("It is off by %(seconds)s seconds.", seconds=abs(off)), todo)
    else:
        yield Finding("clock", OK, _("It is right to %(seconds)s seconds.", seconds=max(1, abs(off))))


def _address(config: Config, _connection: Connection) -> Iterator[Finding]:
    if not config.public_url_is_set:
        yield Finding("address", WARN, _("No public address is set."), _("Start the shop with PUBLIC_URL=https://… ."))
    elif not config.is_https:
        todo = _("Put a proxy with a certificate in front, and set PUBLIC_URL to the https address.")
        yield Finding("address", WARN, _("%(url)s is not encrypted.", url=config.public_url), todo)
    else:
        yield Finding("address", OK, config.public_url)
    if config.is_https and config.proxy_hops == 0 and config.host in ("127.0.0.1", "::1", "localhost"):
        todo = _("Behind a proxy, set PROXY_HOPS=1; otherwise all buyers seem to be one.")
        yield Finding("proxy", WARN, _("The shop listens on this machine only, and no proxy is set."), todo)


def _worker(_config: Config, connection: Connection) -> Iterator[Finding]:
    beat = shop.last_beat(connection, "worker")
    if shop.is_silent(connection, "worker", clock.now()):
        yield Finding(
            "worker", FAIL, _("The worker is not running."), _("Start it: make run, or flask --app wsgi worker.")
        )
    else:
        seconds = clock.now() - (beat or 0)
        yield Finding("worker", OK, _("It worked %(seconds)s seconds ago.", seconds=seconds))


def _gateways(_config: Config, connection: Connection) -> Iterator[Finding]:
    live = shop.read_settings(connection).is_live
    tested = payments.channels_tested(connection)
    offered = {channel.slug for channel in payments.list_offered(connection, live=live)}
    if not offered:
        yield Finding("gateways", FAIL, _("Nobody can pay: no channel is open."), _("Open one under Payment channels."))
    for channel in payments.list_channels(connection):
        name = f"channel {channel.slug}"
        if channel.faults:
            yield Finding(name, FAIL, _("Its keys are not sound."), _("Enter them again under Payment channels."))
        elif channel.slug in offered and channel.slug not in tested and not channel.gateway.is_test:
            yield Finding(name, WARN, _("Its keys were never tried."), _("Press the button that tries them."))
        elif channel.slug in offered:
            yield Finding(name, OK, _("It is open."))


def _mail(_config: Config, connection: Connection) -> Iterator[Finding]:
    ways = [way for way in outbox.list_outlets(connection) if way.enabled and way.carrier.name == "mail"]
    if not ways:
        todo = _("Set up a mailbox under Messages, so that buyers get their receipts.")
        yield Finding("mail", WARN, _("No mailbox is set up."), todo)
    elif not ways[0].tested_at:
        yield Finding("mail", WARN, _("No test message was sent yet."), _("Send one under Messages."))
    else:
        yield Finding("mail", OK, ways[0].name)
    if outbox.has_dead_letters(connection):
        yield Finding("messages", WARN, _("Some messages could not be sent."), _("See under Messages which, and why."))


def _keys(config: Config, connection: Connection) -> Iterator[Finding]:
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


def _disk(config: Config, _connection: Connection) -> Iterator[Finding]:
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


def _database(config: Config, connection: Connection) -> Iterator[Finding]:
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


def _books(_config: Config, connection: Connection) -> Iterator[Finding]:
    broken = [finding.id for finding in ledger.check_books(connection) if not finding.holds]
    todo = _("Keep what flask --app wsgi books check prints, change nothing by hand, and ask for help.")
    yield (
        Finding("books", FAIL, _("They do not balance: %(ids)s", ids=" ".join(broken)), todo)
        if broken
        else Finding("books", OK, _("They balance."))
    )
    verdict = audit.verify_chain(connection)
    if verdict.broken:
        said = _("Entry %(num)s is not as it was written.", num=verdict.broken.entry_id)
        yield Finding("audit log", FAIL, said, _("Somebody changed the database by hand. Compare with a backup."))
    else:
        yield Finding("audit log", OK, _("%(num)s entries, each as it was written.", num=verdict.count))


def _backups(_config: Config, _connection: Connection) -> Iterator[Finding]:
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


def _people(_config: Config, connection: Connection) -> Iterator[Finding]:
    staff = [one.id for one in accounts.list_staff(connection) if one.disabled_at is None]
    bare = len(set(staff) - accounts.guarded_accounts(connection, staff))
    if not staff:
        yield Finding("people", WARN, _("Nobody runs the shop yet."), "flask --app wsgi accounts owner")
    elif bare:
        todo = _("Each turns it on under Me, Security.")
        yield Finding("people", WARN, _("%(num)s of them have no second factor.", num=bare), todo)
    else:
        yield Finding("people", OK, _("Everybody has a second factor."))


Look = Callable[[Config, Connection], Iterator[Finding]]
LOOKS: tuple[Look, ...] = (_address, _worker, _gateways, _mail, _keys, _disk, _database, _books, _backups, _people)
