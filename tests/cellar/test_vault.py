"""Sealed fields, blind indexes and signed tokens."""

import secrets
import string
from dataclasses import replace

import pytest

from app import clock, vault

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


@pytest.fixture(autouse=True)
def keys(tmp_path):
    previous = vault._keys
    made = vault.prepare(tmp_path, database_is_empty=True, environment={})
    vault.install(made)
    yield made
    vault._keys = previous


@pytest.mark.parametrize("text", ["", "AAAA-BBBB", "卡密 🎁", "x" * 100_000, "a|b|c", "NUL \0 inside"])
def test_a_sealed_text_opens_in_its_own_place_only(text):
    sealed = vault.seal(text, "card:1:code")
    assert sealed.startswith(b"k1|")
    assert len(sealed) == 3 + 12 + len(text.encode()) + 16
    assert vault.open_sealed(sealed, "card:1:code") == text
    with pytest.raises(vault.Unreadable):
        vault.open_sealed(sealed, "card:2:code")


def test_the_same_text_never_seals_to_the_same_bytes():
    assert len({vault.seal("same", "t:1:c") for _ in range(100)}) == 100


def test_a_sealed_text_with_one_changed_bit_does_not_open():
    sealed = vault.seal("AAAA-BBBB", "card:1:code")
    for index in range(len(sealed)):
        changed = bytearray(sealed)
        changed[index] ^= 1
        with pytest.raises(vault.Unreadable):
            vault.open_sealed(bytes(changed), "card:1:code")


@pytest.mark.parametrize("sealed", [b"", b"k1|", b"k1|short", b"\xff|" + bytes(40), b"k9|" + bytes(40), b"plain text"])
def test_rubbish_does_not_open(sealed):
    with pytest.raises(vault.Unreadable):
        vault.open_sealed(sealed, "card:1:code")


def test_a_new_key_seals_and_the_old_one_still_opens(keys):
    old = vault.seal("kept", "card:1:code")
    vault.install(replace(keys, field_enc={**keys.field_enc, "k2": secrets.token_bytes(32)}))
    new = vault.seal("kept", "card:1:code")
    assert new.startswith(b"k2|")
    assert vault.open_sealed(old, "card:1:code") == vault.open_sealed(new, "card:1:code") == "kept"


def test_a_blind_index_is_stable_and_separate_for_each_purpose():
    assert vault.blind("contact", "a@b.c") == vault.blind("contact", "a@b.c")
    assert len(vault.blind("contact", "a@b.c")) == 32
    assert len({vault.blind("contact", "a@b.c"), vault.blind("person", "a@b.c"), vault.blind("contac", "ta@b.c")}) == 3


def test_tokens_are_random_and_stored_as_a_digest():
    assert len({vault.token() for _ in range(100)}) == 100
    assert (len(vault.token()), len(vault.token(16))) == (43, 22)
    assert len(vault.digest("anything")) == 32
    assert vault.digest("\udc80") != vault.digest("")


def test_codes_are_random_and_have_no_letter_that_looks_like_a_digit():
    codes = {vault.code(10) for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 10 and set(code) <= set(vault.CROCKFORD) for code in codes)
    assert not set(vault.CROCKFORD) & set("ILOU")


def test_links_and_invitations_share_a_key_and_are_not_taken_for_each_other():
    assert vault.unsign("invite", vault.sign("link", "pid")) is None
    assert vault.unsign("link", vault.sign("invite", "pid")) is None


@pytest.mark.parametrize("payload", ["pid", 7, ["a", 1], {"a": None, "汉": "字"}, "long " * 500])
def test_a_signed_payload_is_read_back_for_its_purpose_only(payload):
    token = vault.sign("invite", payload)
    assert token == vault.sign("invite", payload)
    assert vault.unsign("invite", token) == payload
    assert vault.unsign("reset", token) is None
    assert vault.unsign("invite", vault.sign("reset", payload)) is None
    assert vault.unsign("invite", token, max_age=60) is None


def test_a_token_with_any_other_character_is_refused():
    token = vault.sign("invite", "pid")
    for index, letter in enumerate(token):
        for other in ALPHABET if index > len(token) - 3 else ("A" if letter != "A" else "B", ".", "\n"):
            if other != letter:
                assert vault.unsign("invite", token[:index] + other + token[index + 1 :]) is None, index


@pytest.mark.parametrize("extra", ["\n", " ", "=", "==", ".", "A", "\0", "é", "%0a"])
def test_a_token_with_something_before_or_after_is_refused(extra):
    token = vault.sign("invite", "pid")
    assert vault.unsign("invite", token + extra) is None
    assert vault.unsign("invite", extra + token) is None
    assert vault.unsign("invite", token[:-1]) is None


@pytest.mark.parametrize(
    "text", [None, True, 7, b"k1.a.b", [], "", ".", "k1", "k1.", "k1..", "k9.a.b", "k1.é", "k1." + "a" * 100_000]
)
def test_rubbish_is_not_a_token(text):
    assert vault.unsign("invite", text) is None
    assert vault.unsign("invite", text, max_age=60) is None


def test_a_timed_token_ends():
    with clock.frozen(1_700_000_000):
        token = vault.sign("reset", "pid", timed=True)
        assert vault.unsign("reset", token) is None
    with clock.frozen(1_700_000_060):
        assert vault.unsign("reset", token, max_age=60) == "pid"
    with clock.frozen(1_700_000_061):
        assert vault.unsign("reset", token, max_age=60) is None
    with clock.frozen(1_699_999_990):
        assert vault.unsign("reset", token, max_age=60) is None, "signed in the future"


def test_a_rotated_signing_key_still_verifies_and_a_removed_one_does_not(keys):
    token = vault.sign("invite", "pid")
    ring = {**keys.invite_sign, "k2": secrets.token_bytes(64)}
    vault.install(replace(keys, invite_sign=ring))
    assert vault.unsign("invite", token) == "pid"
    assert vault.sign("invite", "pid").startswith("k2.")
    assert vault.unsign("invite", "k2" + token[2:]) is None
    vault.install(replace(keys, invite_sign={"k2": ring["k2"]}))
    assert vault.unsign("invite", token) is None
    assert vault.unsign("invite", vault.sign("invite", 1)) == 1


def test_nothing_is_sealed_before_the_keys_are_there():
    vault._keys = None
    with pytest.raises(vault.VaultError, match="not loaded"):
        vault.seal("x", "t:1:c")
