"""How a line's money is split between the levels. Pure: numbers in, numbers out (distribution 1.5-1.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.money import WHOLE_BPS, share

# By law (the 30 % of the direct selling regulation) and by constant: no setting gives away more of a sale.
HARD_CAP_BPS = 3000


@dataclass(frozen=True)
class Reward:
    """What a rule gives: a rate of the base, or a fixed amount a unit. Exactly one of them is set."""

    rate_bps: int | None = None
    fixed_fen: int | None = None

    def fen(self, base_fen: int, quantity: int) -> int:
        """What it gives of a line, rounded down, and never more than the line itself."""
        if self.rate_bps is not None:
            return share(base_fen, self.rate_bps)
        return min((self.fixed_fen or 0) * quantity, base_fen)

    def bps(self, base_fen: int, quantity: int = 1) -> int:
        """The part of a line that it takes, in bps, rounded up: a cap that holds for this holds for the money."""
        if self.rate_bps is not None:
            return self.rate_bps
        return -(-self.fen(base_fen, quantity) * WHOLE_BPS // base_fen) if base_fen > 0 else 0


@dataclass(frozen=True)
class Rule(Reward):
    """A reward, and the name of the rule that won: "product:5×tier:2", "category:3", "shop:renewal"."""

    name: str = "default"


@dataclass(frozen=True)
class Applied:
    """What one level earns of one line, and the rule that says so.

    With a rate, a refund leaves floor(rate x rest); with `fixed_fen`, it leaves floor(fixed x rest / base) (1.11).
    """

    level: int
    rule: str
    rate_bps: int | None
    gross_fen: int
    fixed_fen: int | None = None


def split(
    base_fen: int,
    quantity: int,
    rules: Mapping[int, Rule],
    *,
    cap_bps: int,
    self_bps_used: int = 0,
    pool_bps: int = 0,
    cost_fen: int | None = None,
) -> tuple[list[Applied], int]:
    """What each level earns of a line, and how many bps of it are left for the pool (distribution 1.5-1.7).

    Should discount, levels and pool together exceed `cap_bps` in spite of every check at their saving, the pool gives way
    first, then level 2, then level 1. `cost_fen` is one unit's, None when it is unknown or nobody shall guard the margin:
    the levels never earn more than what the shop earns, and level 2 gives way first.
    """
    left_bps = max(0, min(cap_bps, HARD_CAP_BPS) - self_bps_used)
    margin_fen = base_fen if cost_fen is None else max(0, base_fen - cost_fen * quantity)
    applied = []
    for level in sorted(rules):
        one = _cap(level, rules[level], base_fen, quantity, left_bps)
        left_bps -= Reward(one.rate_bps, one.fixed_fen).bps(base_fen)
        if one.gross_fen > margin_fen:
            one = replace(
                one, rule=_named(one.rule, "margin"), rate_bps=None, fixed_fen=margin_fen, gross_fen=margin_fen
            )
        margin_fen -= one.gross_fen
        if one.gross_fen > 0:
            applied.append(one)
    return applied, min(pool_bps, left_bps)


def first_level_fen(price_fen: int, rules: Mapping[int, Rule], *, cap_bps: int, cost_fen: int | None = None) -> int:
    """What a purchase of one at its list price brings level 1: what a page may promise is what will be paid."""
    applied, _pool_bps = split(price_fen, 1, {1: rules[1]}, cap_bps=cap_bps, cost_fen=cost_fen)
    return applied[0].gross_fen if applied else 0


def _cap(level: int, rule: Rule, base_fen: int, quantity: int, left_bps: int) -> Applied:
    if rule.rate_bps is not None:
        rate_bps = min(rule.rate_bps, left_bps)
        name = rule.name if rate_bps == rule.rate_bps else _named(rule.name, "capped")
        return Applied(level, name, rate_bps, share(base_fen, rate_bps))
    gross_fen = min(rule.fen(base_fen, quantity), share(base_fen, left_bps))
    name = rule.name if gross_fen == (rule.fixed_fen or 0) * quantity else _named(rule.name, "capped")
    return Applied(level, name, None, gross_fen, fixed_fen=gross_fen)


def _named(rule: str, reason: str) -> str:
    # The column has room for 40; a rule that is cut is one of a product, a tier and a renewal at once.
    return f"{rule[: 39 - len(reason)]}:{reason}"
