"""Backups: made at night and by a button, taken along as one encrypted file, opened by a recovery key that only the merchant has."""

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, send_file, url_for

from app import audit, care, clock, shop, web
from app.admin.actors import who
from app.db import db, transaction
from app.display import settings
from app.premises import choose_recipient, premises, want_backup

pages = Blueprint("backups", __name__, url_prefix="/backups")


@pages.get("", endpoint="index")
def index() -> Response:
    return _page()


@pages.get("/list", endpoint="list")
def newest() -> str:
    """The list alone, which asks for itself again while a backup is on its way."""
    return render_template("admin/backups/_list.html", **_shown())


@pages.post("", endpoint="create")
def create() -> Response:
    """Ask the worker for a backup: it takes its time, and no page waits for it."""
    if not settings().backup_recipient:
        abort(422)
    transaction(want_backup, who())
    return web.go(url_for("admin.backups.index"))


@pages.post("/recovery-key", endpoint="draw")
def draw() -> Response:
    """Draw a new recovery key. It is in this answer and nowhere else; the shop keeps what encrypts, not what opens."""
    key, recipient = care.draw_recovery_key()
    # Whoever presses twice would lose the key that they wrote down first.
    if not transaction(choose_recipient, recipient, who(), replaces=request.form.get("replaces", "")):
        return _page(changed=True, status=409)
    return _page(recovery_key=key)


@pages.post("/<name>/copies", endpoint="copy")
def copy(name: str) -> Response:
    """Take a backup along."""
    path = care.find(current_app.config["SHOP"].instance, name)
    if path is None:
        abort(404)
    transaction(audit.record, who(), "backup.copy", f"backup:{name}")
    answer: Response = send_file(path, mimetype="application/octet-stream", as_attachment=True, download_name=name)
    return answer


def _shown() -> dict[str, object]:
    instance = premises().instance
    kept, failure, wanted_at = care.list_kept(instance), care.last_failure(instance), settings().backup_wanted_at
    done_at = max(kept[0].made_at if kept else 0, failure.at if failure else 0)
    return {
        "backups": kept,
        "failure": failure,
        "is_late": care.is_late(instance, clock.now()),
        "is_coming": wanted_at > done_at and wanted_at > clock.now() - clock.HOUR,
        # Read anew: a key that was drawn by this request counts.
        "recipient": shop.read_settings(db.session).backup_recipient,
    }


def _page(recovery_key: str = "", *, changed: bool = False, status: int = 200) -> Response:
    page = render_template("admin/backups/index.html", recovery_key=recovery_key, changed=changed, **_shown())
    return make_response(page, status)
