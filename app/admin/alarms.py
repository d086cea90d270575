"""What the shop's own state asks of whoever runs it, above everything else on the first page."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import care, clock, disk
from app.admin import permissions
from app.config import Config
from app.display import settings


@dataclass(frozen=True)
class Alarm:
    """One thing, in a tone ('loss', 'held'), with where to look."""

    tone: str
    said: str
    more: str
    url: str


def shown() -> list[Alarm]:
    """The alarms that whoever is logged in can do something about."""
    config: Config = current_app.config["SHOP"]
    found = []
    if permissions.allows(current_user.role, "doctor", "read"):
        free = disk.free_bytes(config.instance)
        if free < disk.LOW_BYTES:
            left = _("%(free)s MB are left on the disk.", free=free // disk.MEGABYTE)
            more = _(
                "Below %(least)s MB no new orders are taken, so that payments can still be written down.", least=50
            )
            found.append(Alarm("loss", left, more, url_for("admin.doctor.index")))
    # Who never made one is asked to by the checklist.
    backs_up = permissions.allows(current_user.role, "backups", "read") and settings().backup_recipient
    if backs_up and care.is_late(config.instance, clock.now()):
        said, more = _("There was no good backup for more than a day."), _("See under Backups what keeps it.")
        found.append(Alarm("loss", said, more, url_for("admin.backups.index")))
    return found
