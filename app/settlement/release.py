"""To release: commission whose hold is over becomes available, by the nature of the goods (distribution 1.10, J3)."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app import ledger, outbox, referral
from app.db import AnyRow
from app.referral import Share
from app.settlement import pool, schedule
from app.settlement.vesting import is_forfeited, progress, vested


def release_due(tx: Connection, now: int, limit: int = 200) -> int:
    """Release what is due, the longest due first. Returns how many lines were looked at; 0 means that nothing is left."""
    line_ids = schedule.due_lines(tx, now, limit)
    release_lines(tx, line_ids, now)
    return len(line_ids)


def release_for(tx: Connection, node_ids: Sequence[int], now: int, limit: int = 500) -> int:
    """Release what is due for one person, before the person looks. The worker's release gives the same ledger."""
    line_ids = referral.due_lines(tx, node_ids, now, limit)
    release_lines(tx, line_ids, now)
    return len(line_ids)


def release_lines(tx: Connection, line_ids: Sequence[int], now: int) -> None:
    """Release what is due on these lines; nothing happens to a line that is not due or waits for a dispute."""
    if not line_ids:
        return
    ledger.lock_payees(tx, referral.payees_of_lines(tx, line_ids))
    schedules = schedule.lock_schedules(tx, line_ids)
    shares: dict[int, list[Share]] = {}
    for share in referral.lock_shares(tx, line_ids=line_ids):
        shares.setdefault(share.line_id, []).append(share)
    for row in schedules:
        if row.pauses == 0 and row.due_at is not None and row.due_at <= now:
            _release(tx, row, shares.get(row.line_id, []), now)


def _release(tx: Connection, row: AnyRow, shares: list[Share], now: int) -> None:
    terms = schedule.terms_of(row)
    fraction = progress(terms, now)
    due_at = schedule.due_after(row, terms, now)
    free = [share for share in shares if not share.freezes]
    if is_forfeited(terms, now):
        _forfeit(tx, row, free, fraction, now)
    matured: dict[str, int] = {}
    for share in free:
        fen = max(0, vested(share.gross_fen, share.net_fen, fraction) - share.matured_fen)
        share.matured_fen += fen
        share.matured_at = now if fen else share.matured_at
        share.due_at = due_at if share.matured_fen < share.net_fen else None
        matured[share.pid] = matured.get(share.pid, 0) + fen
        count_sale(tx, share, row.refunded_fen)
    referral.save_shares(tx, free)
    if sum(matured.values()):
        key = f"{row.line_id}:{row.version}"
        ledger.post_maturity(tx, key, matured, now=now)
        outbox.tell(tx, "commission.released", key, now)
    funded_fen = pool.fund(tx, row, fraction, now)
    schedule.save_schedule(tx, row, due_at=due_at, funded_fen=funded_fen)


def _forfeit(tx: Connection, row: AnyRow, shares: list[Share], fraction: tuple[int, int], now: int) -> None:
    """What was not used in time is lost to the distributors too, where the product says so."""
    taken: dict[str, ledger.Taken] = {}
    for share in shares:
        most_fen = max(share.matured_fen, vested(share.gross_fen, share.gross_fen, fraction))
        kept_fen = min(share.net_fen, most_fen)
        taken.setdefault(share.pid, ledger.Taken()).held_fen += share.net_fen - kept_fen
        referral.untally(tx, share, share.net_fen - kept_fen)
        cap_fen = most_fen - share.borne_fen
        share.net_fen, share.cap_fen = kept_fen, cap_fen if share.cap_fen is None else min(share.cap_fen, cap_fen)
    if any(part.total_fen for part in taken.values()):
        ledger.post_reversal(tx, f"forfeit:{row.line_id}:{row.version}", taken, now=now)


def count_sale(tx: Connection, share: Share, refunded_fen: int) -> None:
    """Let a direct sale that matured whole, less its refunds, count for the payee's tier, and no longer if it did not."""
    if share.level != 1:
        return
    whole = share.net_fen > 0 and share.matured_fen + share.frozen_matured_fen == share.net_fen
    counted_fen = max(0, share.base_fen - refunded_fen) if whole else 0
    if counted_fen != share.counted_fen:
        referral.add_sales(tx, share.payee_id, counted_fen - share.counted_fen)
        share.counted_fen = counted_fen
