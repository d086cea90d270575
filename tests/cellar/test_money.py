"""Rounding, allocation and the strict reading of amounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import allocate, parse_fen, share, yuan

SIMPLE = [
    # paid, first level at 10 %, second level at 5 %
    (1, 0, 0),
    (5, 0, 0),
    (9, 0, 0),
    (10, 1, 0),
    (20, 2, 1),
    (99, 9, 4),
    (100, 10, 5),
    (500, 50, 25),
    (999, 99, 49),
    (1990, 199, 99),
    (9999, 999, 499),
    (10000, 1000, 500),
    (20000, 2000, 1000),
]


@pytest.mark.parametrize(("paid", "first", "second"), SIMPLE)
def test_a_share_is_rounded_down(paid, first, second):
    assert (share(paid, 1000), share(paid, 500)) == (first, second)


def test_a_discount_is_spread_over_the_lines_and_each_line_pays_its_own_shares():
    lines = [1999, 999, 1]
    parts = allocate(500, lines)
    bases = [line - part for line, part in zip(lines, parts, strict=True)]
    assert parts == [333, 167, 0]
    assert bases == [1666, 832, 1]
    assert [share(base, 1000) for base in bases] == [166, 83, 0]
    assert [share(base, 500) for base in bases] == [83, 41, 0]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10000, [1, 1, 1], [3334, 3333, 3333]),
        (100, [1, 2, 4], [14, 29, 57]),
        (1, [1, 1, 1], [1, 0, 0]),
        (1899, [5600000, 1800000, 217800], [1396, 449, 54]),
        (1899, [5600000, 1800000], [1437, 462]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
    ],
)
def test_the_largest_remainder_gets_the_odd_fen_and_a_tie_goes_to_the_first(total, weights, parts):
    assert allocate(total, weights) == parts


@given(st.integers(0, 10**11), st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_an_allocation_always_adds_up_and_is_off_by_less_than_one_fen(total, weights):
    parts = allocate(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize(("total", "weights"), [(5, []), (5, [0, 0]), (-1, [1]), (1, [2, -1])])
def test_an_allocation_to_nobody_or_of_debts_is_a_mistake(total, weights):
    with pytest.raises(ValueError, match="allocate"):
        allocate(total, weights)


@pytest.mark.parametrize(("base", "bps"), [(-1, 10), (10, -1)])
def test_a_share_of_a_debt_is_a_mistake(base, bps):
    with pytest.raises(ValueError, match="negative"):
        share(base, bps)


@pytest.mark.parametrize(
    ("text", "fen"),
    [("100", 10000), ("100.0", 10000), ("100.00", 10000), ("0.01", 1), ("007", 700), ("999999999.99", 99999999999)],
)
def test_the_three_plain_spellings_of_an_amount_are_read(text, fen):
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1e2",
        "１００.００",
        "100.00 ",
        " 100",
        "-100.00",
        "+1",
        "NaN",
        "inf",
        "100,00",
        "1.234",
        ".5",
        "5.",
        "1_000",
        "0x1",
        "1\n",
        "1234567890",
        "٣",
    ],
)
def test_every_other_spelling_is_refused(text):
    with pytest.raises(ValueError, match="not an amount"):
        parse_fen(text)


@pytest.mark.parametrize("value", [None, 100, 1.5, True, b"100"])
def test_what_is_not_text_is_refused(value):
    with pytest.raises(ValueError, match="not an amount"):
        parse_fen(value)


@given(st.integers(0, 10**11 - 1))
def test_what_is_written_is_read_back(fen):
    assert parse_fen(yuan(fen)) == fen


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (5, "0.05"), (1230, "12.30"), (-5, "-0.05"), (-1230, "-12.30")])
def test_yuan_have_two_decimals_and_debts_a_sign(fen, text):
    assert yuan(fen) == text
