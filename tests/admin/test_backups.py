"""Backups from the desk: a key that is shown once, a file that only it opens, and a check-up that says what is missing."""

import re

import pytest

from app import audit, care, clock, premises
from app.db import db
from app.premises import make_due_backup as backup
from tests.admin.conftest import PASSWORD
from tests.conftest import NOW

KEY = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+")


@pytest.fixture
def key(olga):
    """The recovery key, as the page shows it once."""
    shown = olga.post("/admin/backups/recovery-key").text
    return KEY.search(shown).group(0)


def test_the_first_page_draws_a_key_that_is_never_shown_again(olga, key, instance):
    page = olga.get("/admin/backups").text
    assert "AGE-SECRET-KEY" not in page
    assert "/admin/backups/recovery-key" in page
    # A second press of the first button, or of a page that is old, draws no other key.
    assert olga.post("/admin/backups/recovery-key").status_code == 409
    recipient = re.search(r'name="replaces" value="([^"]+)"', page).group(1)
    drawn = olga.post("/admin/backups/recovery-key", {"replaces": recipient}).text
    assert KEY.search(drawn).group(0) != key
    assert 'name="replaces" value=""' not in drawn
    files = [path.read_bytes() for path in instance.rglob("*") if path.is_file()]
    assert not any(key.encode() in data for data in files)


def test_without_a_key_there_is_no_backup(olga, instance):
    assert olga.post("/admin/backups").status_code == 422
    backup()
    assert care.list_kept(instance) == []


def test_the_button_asks_the_worker_and_the_file_is_taken_along(olga, key, instance, tmp_path):
    assert olga.post("/admin/backups").status_code == 303
    assert "hx-trigger" in olga.get("/admin/backups/list").text
    with clock.frozen(NOW + 5):
        backup()
        page = olga.get("/admin/backups").text
    assert 'hx-trigger="every 2s"' not in page
    name = care.list_kept(instance)[0].name
    answer = olga.post(f"/admin/backups/{name}/copies")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    (tmp_path / "taken").write_bytes(answer.data)
    with care.opened(care.Premises(tmp_path / "new", f"sqlite:///{tmp_path}/new/x", {}), tmp_path / "taken", key) as (
        _,
        manifest,
    ):
        assert manifest.broken == []
    db.session.rollback()
    acts = db.session.scalars(db.select(audit.Entry.act).order_by(audit.Entry.id)).all()
    assert acts[-4:] == ["recovery_key.create", "backup.want", "backup.create", "backup.copy"]


@pytest.mark.parametrize(
    "name", ["..%2Fkeys%2Ffield_enc", "nothing", "tengka-20260101T000000Z.tar.gz.age", "failure.json"]
)
def test_nothing_else_is_taken_along(olga, key, name):
    assert olga.post(f"/admin/backups/{name}/copies").status_code == 404


def test_it_is_made_every_night_once_and_again_an_hour_after_a_failure(olga, key, instance):
    night = NOW // 86400 * 86400 + 19 * 3600 + 1800
    for moment, count in ((night + 60, 1), (night + 3600, 1), (night + 86399, 1), (night + 86401, 2)):
        with clock.frozen(moment):
            backup()
        assert len(care.list_kept(instance)) == count
    care.note_failure(premises.premises().instance, "no room", night + 2 * 86400)
    with clock.frozen(night + 2 * 86400 + 3599):
        backup()
        assert len(care.list_kept(instance)) == 2
    with clock.frozen(night + 2 * 86400 + 3600):
        backup()
    assert len(care.list_kept(instance)) == 3


def test_the_check_up_says_what_to_do(olga):
    page = olga.get("/admin/doctor").text
    assert "make run" in page
    assert "PUBLIC_URL" in page


def test_only_who_just_showed_the_password_draws_a_key(olga):
    with clock.frozen(NOW + 600):
        asked = olga.post("/admin/backups/recovery-key")
        assert asked.status_code == 403
        assert not KEY.search(asked.text)
        assert KEY.search(olga.post("/admin/backups/recovery-key", {"proof": PASSWORD}).text)
