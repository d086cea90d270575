"""How a line's money is split between the levels. Pure: numbers in, numbers out."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.money import share


@dataclass(frozen=True)
class Applied:
    """What one level earns of one line, and the rule that says so."""

    level: int
    rule: str
    rate_bps: int
    gross_fen: int


def split(base_fen: int, rates: Mapping[int, tuple[str, int]], cap_bps: int) -> list[Applied]:
    """What each level earns of a line: base x bps // 10000, never rounded up (distribution 1.7).

    Should the rates exceed `cap_bps` in spite of every check at their saving, level 2 gives way before level 1 (1.6).
    """
    applied = []
    left_bps = cap_bps
    for level in sorted(rates):
        rule, rate_bps = rates[level]
        if rate_bps > left_bps:
            rule, rate_bps = f"{rule}:capped", left_bps
        left_bps -= rate_bps
        gross_fen = share(base_fen, rate_bps)
        if gross_fen > 0:
            applied.append(Applied(level, rule, rate_bps, gross_fen))
    return applied
