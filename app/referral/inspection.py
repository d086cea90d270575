"""What a person earned, row by row, as the merchant looks into it: sifted by state, the latest first."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, literal_column, select

from app.db import Session
from app.referral.commission import Commission

PAGE_SIZE = 20
_HELD = Commission.matured_fen < Commission.net_fen
_CALM = Commission.freezes == 0
# What `Commission.state` says, as the database asks it; each names the condition of the partial index that finds it.
WHERE: dict[str, tuple[ColumnElement[bool], ...]] = {
    "held": (_HELD, _CALM, Commission.matured_fen == 0),
    "partial": (_HELD, _CALM, Commission.matured_fen > 0),
    "available": (Commission.matured_fen == Commission.net_fen, Commission.net_fen > 0, _CALM),
    # A bound 0 would hide from SQLite that the index of the frozen ones holds all of these.
    "frozen": (Commission.freezes > literal_column("0"), Commission.net_fen > 0),
    "reversed": (Commission.net_fen < Commission.gross_fen, Commission.net_fen == 0),
}


def list_earned(
    session: Session,
    payee_ids: Sequence[int],
    *,
    state: str | None = None,
    order_id: int | None = None,
    before: int | None = None,
) -> tuple[list[Commission], int | None]:
    """One page of a person's commission, and the cursor of the next page."""
    mine = Commission.payee_id.in_(payee_ids)
    statement = select(Commission).where(mine, *WHERE.get(state or "", ())).order_by(Commission.id.desc())
    if order_id is not None:
        statement = statement.where(Commission.order_id == order_id)
    if before is not None:
        statement = statement.where(Commission.id < before)
    found = list(session.scalars(statement.limit(PAGE_SIZE + 1)))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
