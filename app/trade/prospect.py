"""To look ahead: what one piece of each product earns a person of a tier, by the very rules that a sale goes by."""

from collections.abc import Sequence
from dataclasses import dataclass

from app import referral
from app.db import Reader
from app.referral import Rule
from app.shop import Settings


@dataclass(frozen=True)
class Piece:
    """A product as a stranger buys one of it at its list price."""

    product_id: int
    price_fen: int
    cost_fen: int | None
    commissionable: bool


def prospects(
    reader: Reader, pieces: Sequence[Piece], tier_id: int | None, settings: Settings
) -> dict[int, dict[int, int]]:
    """product id -> level -> fen that whoever is of this tier earns there. Whoever stands on the other level is of none."""
    ids = [piece.product_id for piece in pieces]
    theirs = referral.rates_by_product(reader, ids, tier_by_level=dict.fromkeys(referral.LEVELS, tier_id))
    usual = referral.rates_by_product(reader, ids) if tier_id else theirs
    levels = (1,) if settings.strict_mode else referral.LEVELS
    return {
        piece.product_id: {
            level: _earned(piece, level, usual[piece.product_id] | {level: theirs[piece.product_id][level]}, settings)
            for level in levels
        }
        for piece in pieces
    }


def _earned(piece: Piece, level: int, rules: dict[int, Rule], settings: Settings) -> int:
    if not piece.commissionable:
        return 0
    applied, _pool_bps = referral.split(
        piece.price_fen,
        1,
        rules,
        cap_bps=settings.max_total_bps,
        cost_fen=piece.cost_fen if settings.margin_guard else None,
    )
    return next((one.gross_fen for one in applied if one.level == level), 0)
