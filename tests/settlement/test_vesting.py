"""Vesting: one formula for every nature of goods (E11, E13, E15, examples.json `validity` and `usage`)."""

import pytest

from app.clock import DAY
from app.settlement import Terms, next_change, progress, vested

T = 1_790_000_000


def earned(terms, gross, at, net=None):
    return vested(gross, gross if net is None else net, progress(terms, at))


@pytest.mark.parametrize(("day", "fen"), [(6, 0), (7, 231), (10, 330), (15, 495), (29, 957), (30, 990), (400, 990)])
def test_validity_is_earned_day_by_day_once_the_hold_is_over(day, fen):
    terms = Terms("validity", T, 7, validity_days=30)
    assert earned(terms, 990, T + day * DAY) == fen


@pytest.mark.parametrize(("used", "fen"), list(enumerate([0, 14, 28, 42, 56, 70, 84, 99])))
def test_uses_are_earned_one_by_one(used, fen):
    assert earned(Terms("use_count", T, 0, uses=7, used=used), 99, T) == fen


def test_what_is_not_used_in_time_is_a_final_sale_unless_it_is_forfeited():
    assert earned(Terms("use_count", T, 0, uses=7, used=3, expires_at=T + DAY), 99, T + DAY) == 99
    assert earned(Terms("use_count", T, 0, uses=7, used=3, expires_at=T + DAY, forfeit_unused=True), 99, T + DAY) == 42


def test_the_first_use_starts_the_hold_to_the_second():
    terms = Terms("first_use", T, 7, expires_at=T + 90 * DAY, activated_at=T + 20 * DAY)
    assert earned(terms, 1000, T + 27 * DAY - 1) == 0
    assert earned(terms, 1000, T + 27 * DAY) == 1000


def test_what_is_never_activated_is_earned_at_its_expiry():
    terms = Terms("first_use", T, 7, expires_at=T + 90 * DAY)
    assert earned(terms, 1000, T + 90 * DAY - 1) == 0
    assert earned(terms, 1000, T + 90 * DAY) == 1000


def test_a_refund_of_the_unused_part_leaves_exactly_what_was_earned():
    """E11: 20 of 30 days go back on day 10; E13: 4 of 7 uses go back after the third."""
    assert earned(Terms("validity", T, 7, validity_days=30), 990, T + 10 * DAY, net=330) == 330
    assert earned(Terms("validity", T, 7, validity_days=30), 990, T + 30 * DAY, net=330) == 330
    assert earned(Terms("use_count", T, 0, uses=7, used=3), 99, T, net=429 * 1000 // 10000) == 42


def test_midnight_waits_for_the_next_one_in_shanghai():
    terms = Terms("instant", T, 7, midnight=True)
    assert terms.mature_at is not None
    assert (terms.mature_at + 8 * 3600) % DAY == 0
    assert 0 <= terms.mature_at - (T + 7 * DAY) < DAY


def test_the_calendar_names_the_instant_of_the_next_change():
    terms = Terms("validity", T, 7, validity_days=30)
    assert next_change(terms, T) == T + 7 * DAY
    assert next_change(terms, T + 7 * DAY) == T + 8 * DAY
    assert next_change(terms, T + 30 * DAY) is None
    assert next_change(Terms("use_count", T, 7, uses=2, used=1), T + 8 * DAY) is None
