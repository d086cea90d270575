"""The incentive pool's funding: a share of matured net sales, by cumulative target (distribution 1.14). Its distribution
is another matter."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from app import ledger
from app.db import AnyRow
from app.money import share
from app.settlement.vesting import SHANGHAI_OFFSET_SECONDS


def period_of(instant: int) -> str:
    """The calendar month of an instant in Asia/Shanghai, as "2026-11"."""
    return datetime.fromtimestamp(instant + SHANGHAI_OFFSET_SECONDS, UTC).strftime("%Y-%m")


def fund(tx: Connection, row: AnyRow, fraction: tuple[int, int], now: int, *, refunded_fen: int | None = None) -> int:
    """Bring what the line has put into the pool to its target, in the month that is open now. Returns the new total."""
    earned, whole = fraction
    left_fen = row.base_fen - (row.refunded_fen if refunded_fen is None else refunded_fen)
    target_fen = share(min(left_fen, row.base_fen * earned // whole), row.pool_bps)
    if target_fen != row.funded_fen:
        key = f"{row.line_id}:{row.version}"
        ledger.fund_pool(tx, key, period_of(now), target_fen - row.funded_fen, now=now)
    return target_fen
