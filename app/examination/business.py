"""The shop itself: its address, its worker, its ways to be paid and to write, its books and its people."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import Connection

from app import accounts, audit, clock, ledger, outbox, payments, shop
from app.config import Config
from app.examination.finding import FAIL, OK, WARN, Finding


def look_at_address(config: Config, _connection: Connection) -> Iterator[Finding]:
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


def look_at_worker(_config: Config, connection: Connection) -> Iterator[Finding]:
    beat = shop.last_beat(connection, "worker")
    if shop.is_silent(connection, "worker", clock.now()):
        yield Finding(
            "worker", FAIL, _("The worker is not running."), _("Start it: make run, or flask --app wsgi worker.")
        )
    else:
        seconds = clock.now() - (beat or 0)
        yield Finding("worker", OK, _("It worked %(seconds)s seconds ago.", seconds=seconds))


def look_at_gateways(_config: Config, connection: Connection) -> Iterator[Finding]:
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


def look_at_mail(_config: Config, connection: Connection) -> Iterator[Finding]:
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


def look_at_books(_config: Config, connection: Connection) -> Iterator[Finding]:
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


def look_at_people(_config: Config, connection: Connection) -> Iterator[Finding]:
    staff = [one.id for one in accounts.list_staff(connection) if one.disabled_at is None]
    bare = len(set(staff) - accounts.guarded_accounts(connection, staff))
    if not staff:
        yield Finding("people", WARN, _("Nobody runs the shop yet."), "flask --app wsgi accounts owner")
    elif bare:
        todo = _("Each turns it on under Me, Security.")
        yield Finding("people", WARN, _("%(num)s of them have no second factor.", num=bare), todo)
    else:
        yield Finding("people", OK, _("Everybody has a second factor."))
