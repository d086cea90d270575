"""The keys are made once, kept private, and refused when they are weak."""

import os
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.keyfiles import LENGTHS, VaultError, prepare

NAMES = sorted(LENGTHS)


@pytest.fixture
def keys_folder(tmp_path):
    prepare(tmp_path, database_is_empty=True, environment={})
    return tmp_path / "keys"


def replace(folder, name, content):
    (folder / name).write_bytes(content)


def test_the_first_start_makes_private_files_of_the_right_length(keys_folder):
    assert keys_folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in keys_folder.iterdir()) == NAMES
    for name in NAMES:
        assert (keys_folder / name).stat().st_mode & 0o777 == 0o600
        assert len((keys_folder / name).read_bytes()) == LENGTHS[name]


def test_the_second_start_uses_the_same_keys_even_when_the_database_has_data(keys_folder):
    first = prepare(keys_folder.parent, database_is_empty=True, environment={})
    assert prepare(keys_folder.parent, database_is_empty=False, environment={}) == first
    assert first.session_key == (keys_folder / "secret_key").read_bytes()
    assert first.session_key_fallbacks == []


def test_of_many_first_starts_at_once_all_use_the_same_keys(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: prepare(tmp_path, True, {}), range(16)))
    assert all(keys == made[0] for keys in made)
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_is_missing_while_the_database_has_data_is_not_made_anew(keys_folder, name):
    (keys_folder / name).unlink()
    with pytest.raises(VaultError, match=rf"{name} is missing.*backup"):
        prepare(keys_folder.parent, database_is_empty=False, environment={})
    assert not (keys_folder / name).exists()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "too short"),
        (bytes(range(31)), "too short"),
        (b"dev", "too short"),
        (b"\0" * 32, "well known"),
        (b"ab" * 16, "well known"),
        (b"my-SECRET-key-0123456789-abcdefg", "well known"),
        (b"please-change-me-please-change-m", "well known"),
    ],
)
def test_a_weak_key_is_refused(keys_folder, name, content, complaint):
    replace(keys_folder, name, content)
    with pytest.raises(VaultError, match=complaint):
        prepare(keys_folder.parent, database_is_empty=False, environment={})


def test_the_key_of_the_framework_manual_is_refused(keys_folder):
    replace(keys_folder, "secret_key", b"192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf\n")
    with pytest.raises(VaultError, match="well known"):
        prepare(keys_folder.parent, database_is_empty=False, environment={})


def test_two_equal_keys_are_refused(keys_folder):
    replace(keys_folder, "csrf", (keys_folder / "secret_key").read_bytes())
    with pytest.raises(VaultError, match="are the same"):
        prepare(keys_folder.parent, database_is_empty=False, environment={})


def test_a_field_key_of_another_length_is_refused(keys_folder):
    replace(keys_folder, "field_enc", secrets.token_bytes(33))
    with pytest.raises(VaultError, match="exactly 32 bytes"):
        prepare(keys_folder.parent, database_is_empty=False, environment={})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_file_that_others_can_touch_is_refused(keys_folder, mode):
    os.chmod(keys_folder / "secret_key", mode)
    with pytest.raises(VaultError, match="chmod 600"):
        prepare(keys_folder.parent, database_is_empty=False, environment={})


def test_a_key_folder_that_others_can_open_is_refused(keys_folder):
    os.chmod(keys_folder, 0o750)
    with pytest.raises(VaultError, match="chmod 700"):
        prepare(keys_folder.parent, database_is_empty=False, environment={})


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path):
    (tmp_path / "keys").write_text("in the way")
    with pytest.raises(VaultError, match="cannot be used"):
        prepare(tmp_path, database_is_empty=True, environment={})


def test_a_file_named_by_the_environment_wins(keys_folder, tmp_path):
    elsewhere = tmp_path / "session.key"
    elsewhere.write_bytes(key := secrets.token_bytes(48))
    elsewhere.chmod(0o600)
    assert prepare(tmp_path, False, {"SECRET_KEY_FILE": str(elsewhere)}).session_key == key


def test_a_file_named_by_the_environment_is_never_made(tmp_path):
    with pytest.raises(VaultError, match="is missing"):
        prepare(tmp_path, True, {"SECRET_KEY_FILE": str(tmp_path / "nowhere")})


def test_a_later_key_becomes_the_newest_and_the_older_one_stays(keys_folder):
    for number in (2, 10):
        path = keys_folder / f"secret_key.k{number}"
        path.write_bytes(secrets.token_bytes(64))
        path.chmod(0o600)
    keys = prepare(keys_folder.parent, False, {})
    assert list(keys.secret_key) == ["k1", "k2", "k10"]
    assert keys.session_key == (keys_folder / "secret_key.k10").read_bytes()
    assert keys.session_key_fallbacks == [(keys_folder / name).read_bytes() for name in ("secret_key.k2", "secret_key")]


def test_keys_do_not_show_themselves_in_a_log(keys_folder):
    assert repr(prepare(keys_folder.parent, False, {})) == "Keys()"
