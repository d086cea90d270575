"""Codes of an app: the standard's own vectors, a window of one step, and each step once (A10)."""

from base64 import b32encode
from importlib import import_module

import pytest

from app import accounts, vault
from app.db import db, transaction
from tests.conftest import NOW
from tests.crowd import at_once
from tests.second_factor import Phone

authenticator = import_module("app.accounts.authenticator")


@pytest.fixture
def olga(shop):
    return shop.owner().account_id


@pytest.fixture
def phone(olga):
    """Her app, confirmed by the code of a minute ago."""
    transaction(accounts.offer_seed, olga)
    phone = Phone(accounts.offered_seed(db.session, olga))
    assert transaction(accounts.confirm_seed, olga, phone.app.at(NOW - 60), NOW - 60)
    return phone


def takes(olga, code, now=NOW):
    return transaction(accounts.take_code, olga, code, now)


def test_it_computes_what_the_standard_says():
    """RFC 6238, appendix B, its SHA-1 column, as six digits."""
    seed = b32encode(b"12345678901234567890").decode()
    for now, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert authenticator._step(seed, code, now) == now // 30


def test_a_code_is_good_in_its_step_and_in_the_ones_beside_it(olga, phone):
    for steps, is_good in ((-2, False), (2, False), (-1, True), (0, True), (1, True)):
        assert takes(olga, phone.app.at(NOW + 30 * steps)) is is_good, steps


def test_no_step_is_taken_twice_nor_one_before_it(olga, phone):
    assert takes(olga, phone.app.at(NOW))
    assert not takes(olga, phone.app.at(NOW))
    assert not takes(olga, phone.app.at(NOW), NOW + 29)
    assert not takes(olga, phone.app.at(NOW - 30))
    assert takes(olga, phone.app.at(NOW + 30))


def test_the_code_that_confirmed_it_is_used_up(olga, phone):
    assert not takes(olga, phone.app.at(NOW - 60), NOW - 45)


@pytest.mark.both_databases
def test_of_two_at_once_one_is_let_in(app, olga, phone):
    code = phone.app.at(NOW)
    assert sorted(at_once(app, [lambda: takes(olga, code)] * 6)) == [False] * 5 + [True]


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "abcdef", "\x00", "-12345", "1e5000"])
def test_what_is_no_code_is_none(olga, phone, code):
    assert not takes(olga, code)


@pytest.mark.both_databases
def test_a_new_seed_serves_when_its_first_code_was_shown(olga, phone):
    transaction(accounts.offer_seed, olga)
    newer = Phone(accounts.offered_seed(db.session, olga))
    assert not transaction(accounts.confirm_seed, olga, "000000", NOW)
    assert takes(olga, phone.app.at(NOW))
    assert not takes(olga, newer.app.at(NOW + 30))
    assert transaction(accounts.confirm_seed, olga, newer.app.at(NOW), NOW)
    assert not takes(olga, phone.app.at(NOW + 30))
    assert takes(olga, newer.app.at(NOW + 30))


def test_seeds_are_sealed_and_open_for_their_own_account_only(shop, olga, phone):
    shop.owner("anna@example.com", role="manager")
    sealed = shop.count("SELECT seed_sealed FROM authenticator")
    assert phone.app.secret.encode() not in bytes(sealed)
    copied = "INSERT INTO authenticator SELECT 2, NULL, seed_sealed, confirmed_at, 0 FROM authenticator"
    transaction(lambda tx: tx.exec_driver_sql(copied))
    with pytest.raises(vault.Unreadable):
        takes(2, phone.app.at(NOW))


@pytest.mark.both_databases
def test_a_recovery_code_is_good_once_and_for_its_account(app, shop, olga):
    shop.owner("anna@example.com", role="manager")
    codes = transaction(accounts.draw_recovery_codes, olga)
    assert len(set(codes)) == 10
    assert not transaction(accounts.take_recovery_code, 2, codes[0], NOW)
    spelled = codes[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    taken = at_once(app, [lambda: transaction(accounts.take_recovery_code, olga, spelled, NOW)] * 4)
    assert sorted(taken) == [False] * 3 + [True]
    assert accounts.count_recovery_codes(db.session, olga) == 9
    newer = transaction(accounts.draw_recovery_codes, olga)
    assert not transaction(accounts.take_recovery_code, olga, codes[1], NOW)
    assert transaction(accounts.take_recovery_code, olga, newer[1], NOW)
    rows = db.session.execute(db.text("SELECT code_hash FROM recovery_code")).scalars().all()
    assert all(len(row) == 32 for row in rows)
