"""A backup is the whole shop, opens with the recovery key alone, and becomes a shop again in an empty place (F12)."""

import json
import shutil
import subprocess
import tarfile

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from app import accounts, care
from app.care import shelf
from app.clock import DAY, HOUR
from app.db import transaction
from tests.care.restoring import command, elsewhere, premises, program
from tests.conftest import NOW
from tests.shop import Person

AFTERWARDS = {
    "SELECT count(*) FROM session": 0,
    "SELECT count(*) FROM ticket WHERE used_at IS NULL": 0,
    "SELECT count(*) FROM api_key WHERE revoked_at IS NULL": 0,
    "SELECT act FROM audit_entry ORDER BY id DESC LIMIT 1": "backup.restore",
}
ANNA = Person("anna@example.com")


@pytest.fixture
def key():
    return care.draw_recovery_key()


@pytest.fixture
def made(shop, instance, database, key):
    """A backup of a shop that sold something and has somebody logged in."""
    shop.buy(ANNA, quantity=2)
    owner = shop.owner()
    transaction(accounts.open_session, owner.account_id, "owner", NOW)
    transaction(accounts.make_api_key, owner.account_id, "books", ["orders.read"], NOW)
    (instance / "pictures").mkdir()
    (instance / "pictures" / "logo.webp").write_bytes(b"picture")
    kept = care.make_backup(premises(instance, database), now=NOW, recipient=key[1])
    return instance / "backups" / kept.name, kept


@pytest.mark.both_databases
def test_it_becomes_a_shop_again(made, shop, database, key, request, tmp_path):
    archive, kept = made
    folder, url = elsewhere(request, tmp_path, database)
    code, said = command("restore", archive, instance=folder, database=url, said=key[0])
    assert code == 0, said
    for word in ("books      balance", "whole", "20 codes", "1 ended", "1 revoked", "payments reconcile --since"):
        assert word in said, said
    assert "DO NOT" not in said
    assert {path.stat().st_mode & 0o777 for path in (folder / "keys").iterdir()} == {0o600}
    assert (folder / "keys").stat().st_mode & 0o777 == 0o700
    assert (folder / "pictures" / "logo.webp").read_bytes() == b"picture"
    code, said = command("books", "check", instance=folder, database=url)
    assert code == 0, said
    assert command("restore", archive, instance=folder, database=url, said=key[0])[0] == 1
    assert kept.counts["paid"] == 1
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        for query, expected in AFTERWARDS.items():
            assert connection.execute(text(query)).scalar() == expected, query
    assert kept.broken == []


def test_the_age_program_opens_it(made, key, tmp_path):
    identity, plain = tmp_path / "identity", tmp_path / "plain.tar.gz"
    identity.write_text(key[0])
    subprocess.run([program("age"), "-d", "-i", identity, "-o", plain, made[0]], check=True)
    with tarfile.open(plain) as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))
    assert names[0] == "manifest.json"
    assert {"database.sqlite3", "keys/field_enc", "files/pictures/logo.webp"} < set(names)
    assert not [name for name in names if "limits" in name or "backups" in name]
    assert (manifest["schema"], manifest["counts"]["orders"], manifest["broken"]) == (made[1].schema, 1, [])


@pytest.mark.parametrize("fault", ["other key", "no key", "cut", "flipped"])
def test_it_says_what_is_wrong_and_leaves_nothing(made, key, fault, request, tmp_path, database):
    archive, secret = tmp_path / "copy.age", key[0]
    data = bytearray(made[0].read_bytes())
    if fault == "other key":
        secret, word = care.draw_recovery_key()[0], "made for another one"
    elif fault == "no key":
        secret, word = "hello", "no recovery key"
    elif fault == "cut":
        data, word = data[: len(data) // 2], "damaged or not whole"
    else:
        data[-100] ^= 1
        word = "damaged or not whole"
    archive.write_bytes(data)
    folder, url = elsewhere(request, tmp_path, database)
    with pytest.raises(care.Unopened, match=word), care.opened(premises(folder, url), archive, secret):
        pass
    assert list(folder.iterdir()) == []


def test_what_a_later_program_made_is_refused(made, key, monkeypatch, request, tmp_path, database):
    folder, url = elsewhere(request, tmp_path, database)
    monkeypatch.setattr("app.schema._known", lambda: ("0001",))
    with (
        pytest.raises(Exception, match="Install 0.1.0 or later first"),
        care.opened(premises(folder, url), made[0], key[0]),
    ):
        pass


def test_a_passphrase_will_do(shop, instance, database, tmp_path, request):
    kept = care.make_backup(premises(instance, database), now=NOW, passphrase="plum river granite forty-two")
    folder, url = elsewhere(request, tmp_path, database)
    archive = instance / "backups" / kept.name
    with care.opened(premises(folder, url), archive, "plum river granite forty-two") as (_folder, manifest):
        assert manifest.counts["products"] == 1
    with pytest.raises(care.Unopened), care.opened(premises(folder, url), archive, "plum river granite forty-three"):
        pass


def test_nothing_is_left_of_a_backup_for_which_there_is_no_room(shop, instance, database, key, monkeypatch):
    """F04."""
    usage = shutil.disk_usage(instance)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1_000_000))
    with pytest.raises(Exception, match="not enough room"):
        care.make_backup(premises(instance, database), now=NOW, recipient=key[1])
    assert [path.name for path in (instance / "backups").iterdir()] == [".lock"]


def test_seven_days_four_weeks_and_six_months_are_kept(instance):
    folder = shelf.folder_of(instance)
    assert folder.stat().st_mode & 0o777 == 0o700
    for day in range(300):
        at = NOW + day * DAY
        name = shelf.name_at(at)
        (folder / name).write_bytes(b"")
        shelf.note(folder, care.Kept(name, at, 0, "", "", "", "sqlite", {}, []))
    care.clear(instance)
    days = [(NOW + 299 * DAY - kept.made_at) // DAY for kept in care.list_kept(instance)]
    assert days[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert 13 <= len(days) <= 17
    assert days[-1] >= 120
    care.clear(instance)
    assert len(care.list_kept(instance)) == len(days)


def test_it_is_due_each_night_and_when_somebody_asks(shop, instance, database, key):
    assert care.is_due(instance, 0, NOW)
    assert care.is_late(instance, NOW)
    care.make_backup(premises(instance, database), now=NOW, recipient=key[1])
    assert not care.is_due(instance, 0, NOW + HOUR)
    assert care.is_due(instance, NOW + 60, NOW + 60)
    assert care.is_due(instance, 0, NOW + DAY)
    care.note_failure(instance, "no room", NOW + DAY)
    assert not care.is_due(instance, NOW + 60, NOW + DAY + 60)
    assert care.is_due(instance, NOW + DAY + 60, NOW + DAY + 60)
    assert care.is_due(instance, 0, NOW + DAY + HOUR)
    assert not care.is_late(instance, NOW + 26 * HOUR)
    assert care.is_late(instance, NOW + 26 * HOUR + 1)


def test_one_is_made_at_a_time(shop, instance, database, key):
    with shelf.alone(shelf.folder_of(instance)), pytest.raises(Exception, match="being made already"):
        care.make_backup(premises(instance, database), now=NOW, recipient=key[1])
