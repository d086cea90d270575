"""To take commission back, and to give it back when the refund failed: by cumulative target, so N partial refunds end where
one whole refund does (distribution 1.11, J5)."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import BigInteger, Connection, ForeignKey, Integer, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app import ledger, referral
from app.clock import DAY
from app.db import AnyRow, Id, Model, table
from app.referral import Share
from app.settlement import pool, schedule
from app.settlement.release import count_sale, release_lines
from app.settlement.vesting import progress

# Later than this after a row matured last, the shop bears the loss.
CLAWBACK_DAYS = 180


class Reversal(Model):
    """What one refund took from one commission row, part by part: needed to give it back should the refund fail."""

    __tablename__ = "reversal"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case: Mapped[str] = mapped_column(String(40), index=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    frozen_held_fen: Mapped[int] = mapped_column(BigInteger)
    held_fen: Mapped[int] = mapped_column(BigInteger)
    frozen_matured_fen: Mapped[int] = mapped_column(BigInteger)
    available_fen: Mapped[int] = mapped_column(BigInteger)
    debt_fen: Mapped[int] = mapped_column(BigInteger)
    borne_fen: Mapped[int] = mapped_column(BigInteger)
    happened_at: Mapped[int] = mapped_column(BigInteger)
    level: Mapped[int] = mapped_column(Integer)


_reversals = table(Reversal)


def reverse_lines(
    tx: Connection, case: str, refunded: Mapping[int, int], *, order_number: str | None = None, now: int
) -> None:
    """Bring the commission of lines to what their refunds leave. `refunded` maps line id to all fen refunded so far.

    `case` names the refund, once. Taken from frozen, held, frozen matured and available money in that order; what is missing
    becomes a debt. Money in a payout is never touched.
    """
    line_ids = sorted(refunded)
    shares = _lock(tx, line_ids)
    schedules = {row.line_id: row for row in schedule.lock_schedules(tx, line_ids)}
    _take_back(tx, case, shares, lambda share: share.net_after(refunded[share.line_id]), order_number, now)
    for share in shares:
        count_sale(tx, share, refunded[share.line_id])
    referral.save_shares(tx, shares)
    for line_id, row in schedules.items():
        _adjust_schedule(tx, row, refunded[line_id], now)


def _lock(tx: Connection, line_ids: Sequence[int]) -> list[Share]:
    ledger.lock_payees(tx, referral.payees_of_lines(tx, line_ids))
    return referral.lock_shares(tx, line_ids=line_ids)


def _adjust_schedule(tx: Connection, row: AnyRow, refunded_fen: int, now: int, due_at: int | None = None) -> None:
    fraction = progress(schedule.terms_of(row), now)
    # What funded the pool follows the refund; what is not due yet goes in later.
    funded_fen = row.funded_fen
    if funded_fen:
        funded_fen = pool.fund(tx, row, fraction, now, refunded_fen=refunded_fen)
    due_at = row.due_at if due_at is None or row.pauses else due_at
    schedule.save_schedule(tx, row, refunded_fen=refunded_fen, funded_fen=funded_fen, due_at=due_at)


def reverse_rows(tx: Connection, case: str, ids: Sequence[int], now: int) -> None:
    """Take whole rows back because fraud was found: nothing stays of them, whatever happens to their orders (1.3.14)."""
    ledger.lock_payees(tx, referral.pids_of(tx, ids))
    shares = referral.lock_shares(tx, ids=ids)
    for share in shares:
        share.cap_fen = 0
    _take_back(tx, case, shares, lambda share: share.borne_fen, None, now)
    for share in shares:
        count_sale(tx, share, 0)
    referral.save_shares(tx, shares)


def _take_back(
    tx: Connection,
    case: str,
    shares: Sequence[Share],
    target: Callable[[Share], int],
    order_number: str | None,
    now: int,
) -> None:
    available = ledger.available_of(tx, {share.pid for share in shares})
    taken: dict[str, ledger.Taken] = {}
    rows = []
    for share in shares:
        due_fen = share.net_fen - target(share)
        if due_fen <= 0:
            continue
        row = _take(share, due_fen, available, now)
        rows.append({"case": case, "commission_id": share.id, "level": share.level, "happened_at": now} | row)
        part = taken.setdefault(share.pid, ledger.Taken())
        part.frozen_fen += row["frozen_held_fen"] + row["frozen_matured_fen"]
        part.held_fen += row["held_fen"]
        part.available_fen += row["available_fen"]
        part.debt_fen += row["debt_fen"]
        fen = due_fen - row["borne_fen"]
        referral.untally(tx, share, fen)
    if rows:
        tx.execute(insert(_reversals), rows)
    if any(part.total_fen for part in taken.values()):
        ledger.post_reversal(tx, case, taken, order_number=order_number, now=now)


def _take(share: Share, due_fen: int, available: dict[str, int], now: int) -> dict[str, int]:
    """Take `due_fen` out of a row, in the order of the rule, and say from where."""
    left_fen = due_fen
    parts = {}
    for name, has_fen in (
        ("frozen_held_fen", share.frozen_held_fen),
        ("held_fen", share.held_fen),
        ("frozen_matured_fen", share.frozen_matured_fen),
    ):
        parts[name] = min(left_fen, has_fen)
        left_fen -= parts[name]
    # What is left was matured and is no longer in the row's own buckets.
    late = now > (share.matured_at or share.mature_at) + CLAWBACK_DAYS * DAY
    parts["borne_fen"] = left_fen if late else 0
    left_fen -= parts["borne_fen"]
    parts["available_fen"] = min(left_fen, available[share.pid])
    parts["debt_fen"] = left_fen - parts["available_fen"]
    available[share.pid] -= parts["available_fen"]
    share.frozen_held_fen -= parts["frozen_held_fen"]
    share.frozen_matured_fen -= parts["frozen_matured_fen"]
    share.matured_fen -= left_fen
    share.borne_fen += parts["borne_fen"]
    share.net_fen -= due_fen - parts["borne_fen"]
    if share.held_fen == 0:
        share.due_at = None
    return parts


def reinstate_lines(
    tx: Connection, case: str, refunded: Mapping[int, int], *, order_number: str | None = None, now: int
) -> None:
    """Give back what a refund took, because it failed. `refunded` is what the lines' refunds add up to without it."""
    line_ids = sorted(refunded)
    shares = _lock(tx, line_ids)
    schedules = schedule.lock_schedules(tx, line_ids)
    found = select(_reversals).where(_reversals.c.case == case)
    parts = {row.commission_id: row for row in tx.execute(found)}
    given: dict[str, ledger.Moved] = {}
    frozen: dict[str, int] = {}
    for share in shares:
        part = parts.get(share.id)
        share.borne_fen -= part.borne_fen if part else 0
        fen = share.net_after(refunded[share.line_id]) - share.net_fen
        if fen > 0:
            _give(share, part, fen, given, frozen, now)
            referral.untally(tx, share, -fen)
        else:
            # Rounded along another path, the shop bears a fen more.
            share.borne_fen -= fen
        count_sale(tx, share, refunded[share.line_id])
    referral.save_shares(tx, shares)
    if any(part.total_fen for part in given.values()) or any(frozen.values()):
        ledger.post_reinstatement(tx, case, given, frozen, order_number=order_number, now=now)
    for row in schedules:
        _adjust_schedule(tx, row, refunded[row.line_id], now, due_at=now)
    release_lines(tx, line_ids, now)


def _give(
    share: Share, part: AnyRow | None, fen: int, given: dict[str, ledger.Moved], frozen: dict[str, int], now: int
) -> None:
    matured_fen = min(fen, part.frozen_matured_fen + part.available_fen + part.debt_fen) if part else 0
    share.net_fen += fen
    if share.freezes:
        share.frozen_matured_fen += matured_fen
        share.frozen_held_fen += fen - matured_fen
        frozen[share.pid] = frozen.get(share.pid, 0) + fen
        return
    moved = given.setdefault(share.pid, ledger.Moved())
    moved.matured_fen += matured_fen
    moved.held_fen += fen - matured_fen
    share.matured_fen += matured_fen
    if share.held_fen:
        share.due_at = now
