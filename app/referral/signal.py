"""Signals: figures that tell a farm from a shop window, over no more than a page of rows each (distribution, section 3)."""

from dataclasses import dataclass

from app.clock import DAY
from app.db import Reader
from app.money import WHOLE_BPS
from app.statement import Statement

BURST_PEOPLE = 20
BURST_ROWS = 500
REFUND_BPS = 2500
REFUND_BUYERS = 4
REFUND_ROWS = 200

# The open relation of the buyer and the click behind it; of the latest who came to the same inviter before, those within a day
# whose clicks look the same.
_BURST = Statement(
    """
SELECT count(*) FROM edge AS mine JOIN click AS origin ON origin.id = mine.click_id
JOIN edge AS other ON other.id IN (
  SELECT id FROM edge WHERE parent_id = mine.parent_id AND valid_to IS NULL AND id <= mine.id ORDER BY id DESC LIMIT :most
) AND other.valid_from > mine.valid_from - :day
JOIN click ON click.id = other.click_id
  AND click.address_prefix = origin.address_prefix AND click.agent_hash = origin.agent_hash
WHERE mine.child_id = :buyer_id AND mine.valid_to IS NULL
"""
)
# Most distributors never had a refund; of the others, the latest sales are added up.
_REFUNDS = Statement(
    "SELECT count(DISTINCT buyer_id) AS buyers, coalesce(sum(gross_fen), 0) AS gross_fen, "
    "coalesce(sum(gross_fen - net_fen), 0) AS refunded_fen FROM (SELECT buyer_id, gross_fen, net_fen FROM commission "
    "WHERE payee_id = :payee_id AND level = 1 AND order_id <> :order_id AND EXISTS "
    "(SELECT 1 FROM commission WHERE payee_id = :payee_id AND net_fen < gross_fen) "
    "ORDER BY id DESC LIMIT :rows) AS latest"
)


@dataclass(frozen=True)
class Refunds:
    """How much of a distributor's latest direct sales went back."""

    buyers: int
    bps: int

    @property
    def is_high(self) -> bool:
        return self.buyers >= REFUND_BUYERS and self.bps >= REFUND_BPS


def burst_of(connection: Reader, buyer_id: int) -> int:
    """How many people, the buyer as the last, came to the same inviter within a day from one network with one kind of browser.

    Looked for among the inviter's 500 before. After 30 days clicks know nothing of that, and neither does this.
    """
    values = {"buyer_id": buyer_id, "day": DAY, "most": BURST_ROWS}
    return int(_BURST.run(connection, values).scalar_one())


def refunds_of(connection: Reader, payee_id: int, *, without_order_id: int) -> Refunds:
    """What went back of the latest 200 direct sales of a distributor, one order left out; nothing of nobody if none ever did."""
    values = {"payee_id": payee_id, "order_id": without_order_id, "rows": REFUND_ROWS}
    row = _REFUNDS.run(connection, values).one()
    bps = int(row.refunded_fen) * WHOLE_BPS // int(row.gross_fen) if row.gross_fen else 0
    return Refunds(int(row.buyers), bps)
