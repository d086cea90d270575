"""The cap: no combination of rates that can occur may give away more of a sale than the shop allows (distribution 1.1, 1.6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, text

from app.db import table
from app.errors import N_, Refusal, in_words
from app.money import share
from app.referral.rate import Rules, rates_by_product, write_rates
from app.referral.split import HARD_CAP_BPS, Reward
from app.referral.tier import Tier

_tiers = table(Tier)
# Each product with rates of its own; of the others the cheapest and the dearest of each category, because a fixed reward
# weighs most on a cheap one, and the second level overtakes a fixed first one on a dear one.
_PRICED = text(
    """
SELECT id, title, price_fen FROM (
  SELECT id, title, price_fen, own,
    row_number() OVER (PARTITION BY category_id, own ORDER BY price_fen, id) AS cheap,
    row_number() OVER (PARTITION BY category_id, own ORDER BY price_fen DESC, id) AS dear
  FROM (
    SELECT product.id, product.title, product.category_id, sku.price_fen, EXISTS (
      SELECT 1 FROM rate WHERE scope IN ('product', 'product_tier') AND scope_id = product.id
    ) AS own FROM product JOIN sku ON sku.product_id = product.id WHERE product.commissionable
  ) AS priced
) AS ranked WHERE own OR cheap = 1 OR dear = 1 ORDER BY id
"""
)
_CATEGORIES = text("SELECT -id AS id, name FROM category ORDER BY id")


class CapExceeded(Refusal):
    """The rates together would give away more than the cap, or a wider right would earn less than a narrower one."""


@dataclass(frozen=True)
class _Case:
    """What is sold, at which bases (its price, and that with the discount on own purchases), and what each tier earns of it.

    Any product of a category or of the shop has the base 0: nothing can be said of a fixed reward; each product says it.
    """

    what: str
    bases_fen: tuple[int, ...]
    first: Mapping[str, Rules]
    renewed: Mapping[str, Rules]


def save_rates(
    tx: Connection,
    scope: str,
    scope_id: int,
    rewards: Mapping[int, Reward | None],
    *,
    tier_id: int = 0,
    renewal: bool = False,
    self_bps: int,
    pool_bps: int,
    cap_bps: int,
) -> None:
    """`write_rates`, then `check_cap`."""
    write_rates(tx, scope, scope_id, rewards, tier_id=tier_id, renewal=renewal)
    check_cap(tx, self_bps=self_bps, pool_bps=pool_bps, cap_bps=cap_bps)


def check_cap(tx: Connection, *, self_bps: int, pool_bps: int, cap_bps: int) -> None:
    """Hold every combination of product, tiers and renewal that can occur against the cap (distribution 1.6).

    Raises CapExceeded, which says what breaks it, and the caller's transaction ends: when discount, both levels and pool
    exceed `cap_bps` together, when level 2 would earn more than level 1, a renewal more than a first purchase, or the
    discount on own purchases be more than the shop's first level.
    """
    for case in _cases(tx, self_bps):
        # Where the discount is given, a fixed reward is a larger part of the base.
        _check_total(case, case.bases_fen[-1], self_bps + pool_bps, min(cap_bps, HARD_CAP_BPS))
        for base_fen in case.bases_fen:
            _check_order(case, case.first, base_fen)
            _check_order(case, case.renewed, base_fen)
            _check_renewal(case, base_fen)
    default = rates_by_product(tx, [0])[0][1]
    if default.rate_bps is not None and self_bps > default.rate_bps:
        raise CapExceeded(N_("The discount on own purchases cannot be more than level 1."), field="self_percent")


def _cases(tx: Connection, self_bps: int) -> Iterable[_Case]:
    subjects: list[tuple[int, str, tuple[int, ...]]] = [(0, "", (0,))]
    subjects += [(row.id, row.name, (0,)) for row in tx.execute(_CATEGORIES)]
    subjects += [
        (row.id, row.title, (row.price_fen, row.price_fen - share(row.price_fen, self_bps)))
        for row in tx.execute(_PRICED)
    ]
    ids = sorted({subject_id for subject_id, _, _ in subjects})
    tiers = [(None, ""), *((row.id, row.name) for row in tx.execute(select(_tiers.c.id, _tiers.c.name)))]
    found = {
        (name, renewal): rates_by_product(tx, ids, tier_by_level={1: tier_id, 2: tier_id}, renewal=renewal)
        for tier_id, name in tiers
        for renewal in (False, True)
    }
    for subject_id, what, bases_fen in subjects:
        first, renewed = ({name: found[name, again][subject_id] for _, name in tiers} for again in (False, True))
        yield _Case(what, bases_fen, first, renewed)


def _check_total(case: _Case, base_fen: int, reserved_bps: int, cap_bps: int) -> None:
    most = {level: max(case.first, key=lambda tier: case.first[tier][level].bps(base_fen)) for level in (1, 2)}
    total_bps = reserved_bps + sum(case.first[tier][level].bps(base_fen) for level, tier in most.items())
    if total_bps > cap_bps:
        raise CapExceeded(
            N_(
                "%(what)sTogether with discount and pool these rates give away %(total)s%%, more than the cap of %(cap)s%%."
            ),
            field="l1",
            what=_words(case.what, most[1], most[2]),
            total=f"{total_bps / 100:g}",
            cap=f"{cap_bps / 100:g}",
        )


def _check_order(case: _Case, rules: Mapping[str, Rules], base_fen: int) -> None:
    least = min(rules, key=lambda tier: rules[tier][1].bps(base_fen))
    most = max(rules, key=lambda tier: rules[tier][2].bps(base_fen))
    pair = (rules[least][1], rules[most][2])
    if base_fen == 0 and any(rule.rate_bps is None for rule in pair):
        return
    if pair[1].bps(base_fen) > pair[0].bps(base_fen):
        raise CapExceeded(
            N_("%(what)sLevel 2 cannot earn more than level 1."),
            field="l2_renewal" if rules is case.renewed else "l2",
            what=_words(case.what, least, most),
        )


def _check_renewal(case: _Case, base_fen: int) -> None:
    for tier, rules in case.first.items():
        for level, rule in rules.items():
            again = case.renewed[tier][level]
            if base_fen == 0 and (rule.rate_bps is None or again.rate_bps is None):
                continue
            if again.bps(base_fen) > rule.bps(base_fen):
                raise CapExceeded(
                    N_("%(what)sA renewal cannot earn more than a first purchase."),
                    field=f"l{level}_renewal",
                    what=_words(case.what, tier, tier),
                )


def _words(what: str, first: str, second: str) -> str:
    """ "Course, Gold / no tier: " - for which goods, and of which tiers level 1 and level 2 are."""
    if not first and not second:
        return f"{what}: " if what else ""
    goods, none = what or in_words(N_("all products")), in_words(N_("no tier"))
    return f"{goods}, {first or none} / {second or none}: "
