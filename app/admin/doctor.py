"""The check-up as a page: the same lines as `flask --app wsgi doctor`."""

from flask import Blueprint, render_template
from flask_babel import lazy_gettext

from app import examination
from app.catalog import render_markdown
from app.version import VERSION, notes

pages = Blueprint("doctor", __name__, url_prefix="/doctor")
# How a page calls what the console calls by one word; a channel goes by its own name.
NAMES = {
    "clock": lazy_gettext("Clock"),
    "address": lazy_gettext("Public address"),
    "proxy": lazy_gettext("Proxy"),
    "worker": lazy_gettext("Worker"),
    "gateways": lazy_gettext("Payment channels"),
    "mail": lazy_gettext("Mail"),
    "messages": lazy_gettext("Messages"),
    "permissions": lazy_gettext("File permissions"),
    "keys": lazy_gettext("Encryption keys"),
    "disk": lazy_gettext("Disk"),
    "file system": lazy_gettext("File system"),
    "tables": lazy_gettext("Version of the tables"),
    "database": lazy_gettext("Database"),
    "books": lazy_gettext("Books"),
    "audit log": lazy_gettext("Audit log"),
    "backup": lazy_gettext("Backup"),
    "people": lazy_gettext("People"),
}


@pages.get("", endpoint="index")
def index() -> str:
    found = examination.examine()
    return render_template(
        "admin/doctor/index.html",
        findings=found,
        names=NAMES,
        version=VERSION,
        notes=render_markdown(notes()),
    )
