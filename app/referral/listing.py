"""What a distributor sees of the earnings: rows and days, with nobody's contact in them (distribution 1.20)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.db import Session
from app.referral.alias import alias
from app.referral.commission import Commission
from app.referral.node import Node
from app.referral.tally import EarningDay, day_of

PAGE_SIZE = 20
CHART_DAYS = 30


@dataclass(frozen=True)
class CommissionView:
    """One row of the earnings list. Nobody's contact, order number or name is in it, on purpose."""

    id: int
    alias: str
    level: int
    amount_fen: int
    gross_fen: int
    matured_fen: int
    base_fen: int
    rate_bps: int | None
    rule: str
    state: str
    created_at: int
    mature_at: int


def list_commissions(
    session: Session, payee_ids: Sequence[int], viewer_pid: str, *, level: int | None = None, before: int | None = None
) -> tuple[list[CommissionView], int | None]:
    """One page of the payee's rows, newest first, and the cursor of the next page."""
    own = aliased(Node)
    statement = (
        # A guest that was claimed is known by the alias of who claimed it, as in the team.
        select(Commission, func.coalesce(own.pid, Node.pid))
        .join(Node, Node.id == Commission.buyer_id)
        .outerjoin(own, own.id == Node.merged_into_id)
        .where(Commission.payee_id.in_(payee_ids))
        .order_by(Commission.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if level is not None:
        statement = statement.where(Commission.level == level)
    if before is not None:
        statement = statement.where(Commission.id < before)
    found = session.execute(statement).all()
    views = [
        CommissionView(
            row.id,
            alias(viewer_pid, pid),
            row.level,
            row.net_fen,
            row.gross_fen,
            row.matured_fen,
            row.base_fen,
            row.rate_bps,
            row.rule,
            row.state,
            row.created_at,
            row.mature_at,
        )
        for row, pid in found[:PAGE_SIZE]
    ]
    return views, views[-1].id if len(found) > PAGE_SIZE else None


def list_days(session: Session, payee_ids: Sequence[int], now: int) -> list[tuple[int, int]]:
    """(midday of the day, fen earned) for the last 30 days, days without earnings included."""
    today = day_of(now)
    rows = session.execute(
        select(EarningDay.day, func.sum(EarningDay.gross_fen))
        .where(EarningDay.payee_id.in_(payee_ids), EarningDay.day > today - CHART_DAYS)
        .group_by(EarningDay.day)
    )
    earned: dict[int, int] = {day: int(fen) for day, fen in rows}
    return [(day * 86400 + 4 * 3600, earned.get(day, 0)) for day in range(today - CHART_DAYS + 1, today + 1)]
