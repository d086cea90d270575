"""The watch: a backup that is too old is told of once a day, and the clock is compared with what providers' servers say."""

import shutil

import pytest

from app import care, clock, disk, drift, outbox, shop
from app.clock import DAY, HOUR
from app.commands.worker import run_job
from app.db import db, transaction
from tests.admin.test_proofs import PASSWORD
from tests.care.restoring import premises
from tests.conftest import NOW

LATE = "SELECT count(*) FROM message WHERE subject LIKE 'backup.late:%'"


@pytest.fixture
def listening(shop):
    """A shop whose merchant hears by a messenger, and whose backups open by some key."""
    settings = {"key": "abcdefgh12345678", "address": "https://bark.example", "events": ["backup.late"]}
    transaction(outbox.create_outlet, carrier="bark", name="Bark", settings=settings, enabled=True, now=NOW)
    return shop


def choose(recipient):
    transaction(lambda tx: shop.change_settings(tx, backup_recipient=recipient))


def test_a_late_backup_is_told_once_a_day_and_stands_on_the_first_page(app, listening, visitor, instance, database):
    recipient = care.draw_recovery_key()[1]
    listening.owner("olga@example.com", PASSWORD)
    visitor.post("/login", {"contact": "olga@example.com", "password": PASSWORD}, page="/login")
    run_job(app, "watch", "one")
    assert listening.count(LATE) == 0
    choose(recipient)
    run_job(app, "watch", "one")
    run_job(app, "watch", "one")
    assert listening.count(LATE) == 1
    assert "/admin/backups" in visitor.get("/admin").text.partition("desk-main")[2]
    db.session.rollback()
    care.make_backup(premises(instance, database), now=NOW, recipient=recipient)
    assert "超过一天" not in visitor.get("/admin").text
    with clock.frozen(NOW + 26 * HOUR + 1):
        run_job(app, "watch", "one")
    assert listening.count(LATE) == 2


def test_a_disk_that_fills_stands_on_the_first_page(app, shop, visitor, monkeypatch):
    shop.owner("olga@example.com", PASSWORD)
    visitor.post("/login", {"contact": "olga@example.com", "password": PASSWORD}, page="/login")
    usage = shutil.disk_usage("/")._replace(free=disk.LOW_BYTES - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert "磁盘只剩 199 MB" in visitor.get("/admin").text


@pytest.mark.parametrize(("ahead", "state"), [(0, "ok"), (59, "ok"), (-90, "warn"), (DAY, "fail")])
def test_the_clock_is_compared_with_the_providers(app, shop, monkeypatch, ahead, state):
    monkeypatch.setattr(drift, "_heard", None)
    drift.hear("no date")
    drift.hear(None)
    assert drift.heard() is None
    with clock.frozen(NOW + 1 - ahead):
        drift.hear("Mon, 21 Sep 2026 14:13:21 GMT")
        run_job(app, "watch", "one")
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    assert said.startswith(f"{state:<5} clock"), said
    trusted = app.test_cli_runner().invoke(args=["doctor", "--reference", "2026-09-21T14:13:20Z"]).output
    assert trusted.startswith("ok    clock"), trusted
