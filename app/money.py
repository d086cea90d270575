"""Fen and basis points: the only rounding in the shop. Amounts are whole fen, rates are whole basis points."""

import re
from collections.abc import Sequence

WHOLE_BPS = 10_000
# Strict on purpose: int() and \d take full-width digits, and float() takes 1e2 and NaN.
_YUAN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)


def share(base_fen: int, bps: int) -> int:
    """The part of `base_fen` that `bps` gives, rounded down: nobody is ever promised more than the rate."""
    if base_fen < 0 or bps < 0:
        raise ValueError("a share is taken of amounts and rates that are not negative")
    return base_fen * bps // WHOLE_BPS


def pieces(whole_fen: int, count: int, of: int) -> int:
    """What `count` of `of` equal pieces are worth, rounded up: pieces given back one by one leave no fen behind."""
    return -(-whole_fen * count // of)


def ratio_bps(part: int, whole: int) -> int | None:
    """What share `part` is of `whole`, rounded down; None where there is nothing to take a share of."""
    return part * WHOLE_BPS // whole if whole else None


def allocate(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split `total_fen` by `weights` so that the parts add up exactly (largest remainder; a tie goes to the lower index)."""
    whole = sum(weights)
    if total_fen < 0 or any(weight < 0 for weight in weights):
        raise ValueError("amounts and weights to allocate must not be negative")
    if whole == 0:
        if total_fen:
            raise ValueError("there is nothing to allocate to")
        return [0] * len(weights)
    parts = [total_fen * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(total_fen * weights[index] % whole), index))
    for index in by_remainder[: total_fen - sum(parts)]:
        parts[index] += 1
    return parts


def parse_fen(text: str) -> int:
    """Read "12", "12.3" or "12.30" yuan as fen. Raises ValueError for every other spelling."""
    if not isinstance(text, str) or not _YUAN.fullmatch(text):
        raise ValueError("not an amount of money")
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int(fraction.ljust(2, "0"))


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals: 1230 -> "12.30", -5 -> "-0.05"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
