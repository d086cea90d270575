"""The shelf: cards are reserved for an order, given back when it expires, and handed over when it is paid."""

from collections.abc import Sequence

from sqlalchemy import Connection, ScalarSelect, func, literal_column, select, text
from sqlalchemy.sql.elements import ColumnElement

from app.db import table
from app.errors import N_, Refusal
from app.statement import Statement
from app.stock.card import Card

HINT_LIMIT = 11
# The most codes left of which a merchant may want to be told.
MOST_LOW = 100
_cards = table(Card)

# One statement claims all cards of an order. SKIP LOCKED lets PostgreSQL's buyers pass one another; MATERIALIZED keeps its
# planner from running the LIMIT more than once.
_RESERVE = """
WITH claim AS MATERIALIZED (
  SELECT id FROM card WHERE sku_id = :sku_id AND state = 'available' ORDER BY id LIMIT :quantity {lock}
)
UPDATE card SET state = 'reserved', order_id = :order_id
WHERE id IN (SELECT id FROM claim) AND state = 'available' RETURNING cost_fen
"""
_RESERVE_ON = {
    "sqlite": text(_RESERVE.format(lock="")),
    "postgresql": text(_RESERVE.format(lock="FOR UPDATE SKIP LOCKED")),
}
_RELEASE = Statement(
    "UPDATE card SET state = 'available', order_id = NULL WHERE order_id = :order_id AND state = 'reserved'"
)
_HAND_OVER = Statement(
    "UPDATE card SET state = 'sold', sold_at = :now WHERE order_id = :order_id AND state = 'reserved' "
    "AND (SELECT count(*) FROM card AS whole WHERE whole.order_id = :order_id AND whole.state = 'reserved') = :quantity"
)
_MARK_FAULTY = Statement(
    "UPDATE card SET state = 'faulty' WHERE id = :id AND order_id = :order_id AND state = 'sold' RETURNING sku_id"
)
_HAND_OVER_ONE = Statement(
    "UPDATE card SET state = 'sold', sold_at = :now WHERE order_id = :order_id AND state = 'reserved' RETURNING id"
)


class SoldOut(Refusal):
    """Fewer codes are left than were asked for; none is reserved."""

    status = 409


def reserve(tx: Connection, sku_id: int, quantity: int, order_id: int) -> list[int | None]:
    """Claim `quantity` cards for the order; returns what each cost by its batch, in fen, None where no batch says so.

    Empty when fewer are left, and then the caller rolls back.
    """
    values = {"sku_id": sku_id, "quantity": quantity, "order_id": order_id}
    claimed = tx.execute(_RESERVE_ON[tx.dialect.name], values).all()
    return [card.cost_fen for card in claimed] if len(claimed) == quantity else []


def unit_cost_fen(costs_fen: Sequence[int | None], otherwise_fen: int | None) -> int | None:
    """What one of the claimed cards cost on average, rounded up; where a batch does not say, the product does. None: not known."""
    known_fen = [otherwise_fen if cost_fen is None else cost_fen for cost_fen in costs_fen]
    if any(cost_fen is None for cost_fen in known_fen):
        return None
    return -(-sum(cost_fen or 0 for cost_fen in known_fen) // len(known_fen))


def release(tx: Connection, order_id: int) -> int:
    """Give the order's reserved cards back to the shelf; sold ones stay sold. Returns how many."""
    return _RELEASE.run(tx, {"order_id": order_id}).rowcount


def hand_over(tx: Connection, order_id: int, quantity: int, now: int) -> bool:
    """Turn the order's reserved cards into sold ones; False, and nothing moves, unless they are `quantity`."""
    sold = _HAND_OVER.run(tx, {"order_id": order_id, "quantity": quantity, "now": now})
    return sold.rowcount == quantity


def replace(tx: Connection, order_id: int, card_id: int, now: int) -> int:
    """Mark a card that was handed over as faulty and hand over another of the same kind; returns the new card's id.

    The faulty one stays the order's and is never sold again. Raises Refusal, SoldOut, and then the caller rolls back.
    """
    sku_id = _MARK_FAULTY.run(tx, {"id": card_id, "order_id": order_id}).scalar()
    if sku_id is None:
        raise Refusal(N_("This code was replaced before, or is not this order's."), "card")
    if not reserve(tx, sku_id, 1, order_id):
        raise SoldOut(N_("There is no other code on the shelf. Add some first, or refund."), "card")
    return int(_HAND_OVER_ONE.run(tx, {"order_id": order_id, "now": now}).scalar_one())


def stock_hint(sku_id: ColumnElement[int], limit: int = HINT_LIMIT) -> ScalarSelect[int]:
    """How many cards of the SKU are left, counted no further than `limit`, so that it costs the same at a million."""
    some = (
        select(literal_column("1").label("one"))
        .select_from(_cards)
        .where(_cards.c.sku_id == sku_id, _cards.c.state == "available")
        .limit(limit)
        .correlate_except(_cards)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()


def stock_count(sku_id: ColumnElement[int]) -> ScalarSelect[int]:
    """The same, as far as a merchant may want to be told of."""
    return stock_hint(sku_id, MOST_LOW + 1)
