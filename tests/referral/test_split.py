"""The split of a line: rounded down, under the cap, within the margin, whatever the rules say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.referral import Reward, Rule, first_level_fen, split
from app.referral.split import HARD_CAP_BPS

TEN_AND_FIVE = {1: Rule(1000, name="shop"), 2: Rule(500, name="shop")}

rules = st.one_of(st.builds(Rule, rate_bps=st.integers(0, 3000)), st.builds(Rule, fixed_fen=st.integers(0, 50_000)))
lines = st.fixed_dictionaries(
    {
        "base_fen": st.integers(0, 2_000_000),
        "quantity": st.integers(1, 50),
        "rules": st.fixed_dictionaries({1: rules, 2: rules}),
        "cap_bps": st.integers(0, 10_000),
        "self_bps_used": st.integers(0, 3000),
        "pool_bps": st.integers(0, 500),
        "cost_fen": st.none() | st.integers(0, 100_000),
    }
)


def amounts(applied):
    return [(one.level, one.rate_bps, one.fixed_fen, one.gross_fen) for one in applied]


def test_ten_and_five_per_cent_fit_with_discount_and_pool():
    applied, pool_bps = split(10000, 1, TEN_AND_FIVE, cap_bps=2500, self_bps_used=500, pool_bps=100)
    assert (amounts(applied), pool_bps) == ([(1, 1000, None, 1000), (2, 500, None, 500)], 100)
    assert [one.rule for one in applied] == ["shop", "shop"]


def test_the_pool_gives_way_first_then_the_second_level():
    """E21."""
    forced = {1: Rule(2000, name="shop"), 2: Rule(1000, name="shop")}
    applied, pool_bps = split(10000, 1, forced, cap_bps=2500, pool_bps=100)
    assert (amounts(applied), pool_bps) == ([(1, 2000, None, 2000), (2, 500, None, 500)], 0)
    assert [one.rule for one in applied] == ["shop", "shop:capped"]


def test_the_first_level_gives_way_last():
    applied, pool_bps = split(10000, 1, {1: Rule(2000), 2: Rule(1000)}, cap_bps=1500, self_bps_used=500, pool_bps=100)
    assert (amounts(applied), pool_bps) == ([(1, 1000, None, 1000)], 0)


def test_the_pool_gets_what_the_levels_leave():
    assert split(10000, 1, TEN_AND_FIVE, cap_bps=1550, pool_bps=100)[1] == 50


@pytest.mark.parametrize(
    ("base_fen", "quantity", "fixed_fen", "gross_fen"),
    [(10000, 1, 300, 300), (10000, 3, 300, 900), (10000, 1, 2600, 2500), (100, 1, 300, 25), (3, 1, 1, 0), (4, 1, 1, 1)],
)
def test_a_fixed_reward_is_a_units_and_stays_under_the_cap(base_fen, quantity, fixed_fen, gross_fen):
    applied, _ = split(base_fen, quantity, {1: Rule(fixed_fen=fixed_fen)}, cap_bps=2500)
    assert [(one.rate_bps, one.fixed_fen, one.gross_fen) for one in applied] == (
        [(None, gross_fen, gross_fen)] if gross_fen else []
    )


def test_a_fixed_first_level_leaves_the_second_what_is_left():
    applied, pool_bps = split(10000, 2, {1: Rule(fixed_fen=1100), 2: Rule(500)}, cap_bps=2500, pool_bps=100)
    assert (amounts(applied), pool_bps) == ([(1, None, 2200, 2200), (2, 300, None, 300)], 0)


@pytest.mark.parametrize(
    ("cost_fen", "expected"),
    [
        (None, [(1, 1000, None, 1000), (2, 500, None, 500)]),
        (8500, [(1, 1000, None, 1000), (2, 500, None, 500)]),
        (8600, [(1, 1000, None, 1000), (2, None, 400, 400)]),
        (9300, [(1, None, 700, 700)]),
        (10000, []),
        (12000, []),
    ],
)
def test_the_levels_earn_no_more_than_the_shop(cost_fen, expected):
    """A row that the margin cut has no rate any more: it is refunded by its amount."""
    assert amounts(split(10000, 1, TEN_AND_FIVE, cap_bps=2500, cost_fen=cost_fen)[0]) == expected


def test_the_margin_is_that_of_all_units():
    assert amounts(split(30000, 3, TEN_AND_FIVE, cap_bps=2500, cost_fen=9000)[0]) == [(1, 1000, None, 3000)]


def test_a_name_of_every_part_fits_its_column():
    name = "product:1234567890×tier:12345678:renewal"
    applied, _ = split(10000, 1, {1: Rule(3000, name=name)}, cap_bps=2500)
    assert len(applied[0].rule) == 40


@pytest.mark.parametrize(
    ("rule", "cost_fen", "fen"),
    [(Rule(1000), None, 1000), (Rule(3000), None, 2500), (Rule(1000), 9500, 500), (Rule(fixed_fen=300), None, 300)]
    + [(Rule(0), None, 0), (Rule(1000), 12000, 0)],
)
def test_what_a_page_promises_is_what_is_paid(rule, cost_fen, fen):
    rules = {1: rule, 2: Rule(0)}
    assert first_level_fen(10000, rules, cap_bps=2500, cost_fen=cost_fen) == fen
    assert sum(one.gross_fen for one in split(10000, 1, rules, cap_bps=2500, cost_fen=cost_fen)[0]) == fen


@given(lines)
def test_whatever_the_rules_say_nobody_gives_away_more_than_the_cap(line):
    base_fen = line["base_fen"]
    applied, pool_bps = split(**line)
    room_bps = max(0, min(line["cap_bps"], HARD_CAP_BPS) - line["self_bps_used"])
    given_fen = sum(one.gross_fen for one in applied)
    assert (given_fen + base_fen * pool_bps // 10000) * 10000 <= base_fen * room_bps
    assert 0 <= pool_bps <= line["pool_bps"]
    if line["cost_fen"] is not None:
        assert given_fen <= max(0, base_fen - line["cost_fen"] * line["quantity"])
    for one in applied:
        assert 0 < one.gross_fen <= line["rules"][one.level].fen(base_fen, line["quantity"])
        assert (one.rate_bps is None) != (one.fixed_fen is None)
        expected = one.fixed_fen if one.rate_bps is None else base_fen * one.rate_bps // 10000
        assert one.gross_fen == expected


@given(lines)
def test_nothing_is_cut_while_there_is_room(line):
    line |= {"cap_bps": 3000, "self_bps_used": 0, "cost_fen": None}
    wanted = [rule.bps(line["base_fen"], line["quantity"]) for rule in line["rules"].values()]
    if sum(wanted) + line["pool_bps"] > 3000:
        return
    applied, pool_bps = split(**line)
    assert pool_bps == line["pool_bps"]
    assert {one.level: one.gross_fen for one in applied} == {
        level: fen for level, rule in line["rules"].items() if (fen := rule.fen(line["base_fen"], line["quantity"])) > 0
    }


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_fixed_reward_in_bps_is_never_less_than_it_is_in_fen(base_fen, fixed_fen):
    reward = Reward(fixed_fen=fixed_fen)
    assert reward.bps(base_fen) * base_fen >= reward.fen(base_fen, 1) * 10000
