"""How many distributors are of which tier, and what another beginning of a tier does to that, before it is done."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.db import Reader
from app.errors import N_, Refusal
from app.referral.tier import list_tiers, save_tier
from app.savepoint import savepoint
from app.statement import Statement

# Whoever may earn counts, those who sold nothing yet too: a tier may begin at 0.
_PEOPLE = Statement(
    """
SELECT tier_id, count(*) AS people FROM (
  SELECT (
    SELECT tier.id FROM tier WHERE tier.min_sales_fen <= sold.fen ORDER BY tier.min_sales_fen DESC LIMIT 1
  ) AS tier_id FROM (
    SELECT person.id, COALESCE(sum(node_sales.sales_fen), 0) AS fen FROM node AS part
      JOIN node AS person ON person.id = COALESCE(part.merged_into_id, part.id)
      LEFT JOIN node_sales ON node_sales.node_id = part.id
      WHERE person.state IN ('qualified', 'suspended') GROUP BY person.id
  ) AS sold
) AS ranked GROUP BY tier_id
"""
)


@dataclass(frozen=True)
class Shift:
    """(tier, people now, people then) for every tier that has either, those of none under an empty name."""

    rows: tuple[tuple[str, int, int], ...]

    @property
    def moves(self) -> bool:
        """Whether anybody's tier is another then."""
        return any(now != then for _name, now, then in self.rows)

    @property
    def seal(self) -> str:
        """By what an act knows that its actor was shown this."""
        return hashlib.sha256(repr(self.rows).encode()).hexdigest()[:32]


class TierMoves(Refusal):
    """People would be of another tier, and whoever asks for it was not shown how many; `shift` says it."""

    status = 409

    def __init__(self, shift: Shift) -> None:
        super().__init__(N_("This moves people to another tier. Please look at the figures before you save it."))
        self.shift = shift


def save_tier_as_seen(tx: Connection, tier_id: int | None, *, seen: str, **values: Any) -> int:
    """Save a tier; where that moves people, only by the seal of what was shown. Raises TierMoves, Refusal."""
    now = _people(tx)
    with savepoint(tx):
        saved = save_tier(tx, tier_id, **values)
        shift = _shift(now, _people(tx), _names(tx))
        if shift.moves and shift.seal != seen:
            raise TierMoves(shift)
    return saved


def _people(connection: Reader) -> dict[int | None, int]:
    return {row.tier_id: row.people for row in _PEOPLE.run(connection)}


def _names(connection: Reader) -> dict[int | None, str]:
    return {None: ""} | {tier.id: tier.name for tier in list_tiers(connection)}


def _shift(now: Mapping[int | None, int], then: Mapping[int | None, int], names: Mapping[int | None, str]) -> Shift:
    return Shift(
        tuple((name, now.get(id, 0), then.get(id, 0)) for id, name in names.items() if id in now or id in then)
    )
