"""To forecast: what one piece will earn whom and leave the shop, by the very rules that a sale goes by; nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from app import payments, referral
from app.db import Reader
from app.money import share
from app.referral import Applied, Reward, Rule
from app.shop import Settings
from app.trade.reckon import bases


@dataclass(frozen=True)
class Goods:
    """A product as it is being written down. `rewards` is what it shall earn by itself; None follows the wider rule."""

    price_fen: int
    cost_fen: int | None
    category_id: int | None
    commissionable: bool
    rewards: Mapping[int, Reward | None]
    renewed: Mapping[int, Reward | None]


@dataclass(frozen=True)
class Forecast:
    """What becomes of the price of one piece. `cuts` is what cut somebody's share: "capped", "margin"."""

    price_fen: int
    fee_fen: int
    cost_fen: int | None
    applied: Mapping[int, Applied]
    pool_fen: int
    cuts: frozenset[str]
    # With the discount on own purchases the cap would be exceeded: rates like these are not saved.
    over_cap: bool

    @property
    def left_fen(self) -> int:
        """What stays with the shop; the cost is taken off where it is known."""
        given_fen = sum(one.gross_fen for one in self.applied.values()) + self.pool_fen
        return self.price_fen - self.fee_fen - given_fen - (self.cost_fen or 0)


def forecast(reader: Reader, goods: Goods, settings: Settings, *, fee_bps: int = 0, renewal: bool = False) -> Forecast:
    """What one piece earns two distributors without a tier when a stranger buys it through a channel that keeps `fee_bps`."""
    rules = _rules(reader, goods, renewal) if goods.commissionable else {}
    [base_fen] = bases([goods.price_fen], fee_bps, settings)
    pool_wanted_bps = 0 if settings.strict_mode or not goods.commissionable else settings.pool_bps
    cost_fen = goods.cost_fen if settings.margin_guard else None

    def _split(self_bps: int) -> tuple[list[Applied], int]:
        return referral.split(
            base_fen,
            1,
            rules,
            cap_bps=settings.max_total_bps,
            self_bps_used=self_bps,
            pool_bps=pool_wanted_bps,
            cost_fen=cost_fen,
        )

    applied, pool_bps = _split(0)
    strained, strained_pool_bps = _split(settings.self_bps)
    paid = {one.level: one for one in applied if one.level == 1 or not settings.strict_mode}
    return Forecast(
        goods.price_fen,
        payments.fee_of(goods.price_fen, fee_bps),
        goods.cost_fen,
        paid,
        share(goods.price_fen, pool_bps),
        frozenset(cut for one in applied for cut in ("capped", "margin") if one.rule.endswith(f":{cut}")),
        any(one.rule.endswith(":capped") for one in strained) or strained_pool_bps < pool_wanted_bps,
    )


def _rules(reader: Reader, goods: Goods, renewal: bool) -> dict[int, Rule]:
    # A category with a minus asks for a product of it that has no rates of its own; 0 for one of none.
    rules = dict(referral.find_rates(reader, -(goods.category_id or 0), renewal=renewal))
    for level in referral.LEVELS:
        own = (goods.renewed.get(level) if renewal else None) or goods.rewards.get(level)
        if own is not None:
            rules[level] = Rule(own.rate_bps, own.fixed_fen, "product")
    return rules
