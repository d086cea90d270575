"""To freeze commission while somebody looks into it, and to let it go again (distribution 1.12, 1.3.14-15, J6).

A cause such as "dispute:12" or "suspension:5" freezes rows; a row stays frozen until its last cause is gone.
"""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, String, insert, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app import ledger, referral
from app.db import Id, Model, table
from app.settlement import schedule
from app.settlement.release import release_lines
from app.statement import Statement

_OPEN = text("lifted_at IS NULL")


class Freeze(Model):
    """One cause on one commission row."""

    __tablename__ = "freeze"
    __table_args__ = (
        Index("uq_freeze_open", "cause", "commission_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_freeze_commission", "commission_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cause: Mapped[str] = mapped_column(String(40))
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"))
    opened_at: Mapped[int] = mapped_column(BigInteger)
    lifted_at: Mapped[int | None] = mapped_column(BigInteger)


class Pause(Model):
    """One cause that keeps all lines of an order from earning anything."""

    __tablename__ = "pause"

    cause: Mapped[str] = mapped_column(String(40), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    opened_at: Mapped[int] = mapped_column(BigInteger)
    lifted_at: Mapped[int | None] = mapped_column(BigInteger)


_freezes = table(Freeze)
_pauses = table(Pause)
_PAUSING = Statement("SELECT cause FROM pause WHERE order_id = :order_id AND lifted_at IS NULL")
_FROZEN = select(_freezes.c.commission_id).where(_freezes.c.lifted_at.is_(None))
_LIFT = update(_freezes).where(_freezes.c.lifted_at.is_(None))


def freeze(
    tx: Connection, cause: str, *, order_id: int | None = None, payee_ids: Sequence[int] | None = None, now: int
) -> None:
    """Freeze an order's commission, of some payees only where `payee_ids` is given; or everything that these payees have.

    What is not matured is frozen whole; what is matured up to what the payee has available: a shortfall is no debt yet. All of
    an order, as in a dispute, also keeps its lines from earning more. Freezing twice under one cause changes nothing.
    """
    assert order_id is not None or payee_ids is not None
    if order_id is None:
        assert payee_ids is not None
        ids = [id for payee_id in payee_ids for id in _ids_of_payee(tx, payee_id)]
    else:
        ids = referral.ids_of_order(tx, order_id, payee_ids)
        if payee_ids is None:
            _pause(tx, cause, order_id, now)
    if ids:
        _freeze_rows(tx, cause, ids, now)


def _ids_of_payee(tx: Connection, payee_id: int) -> list[int]:
    pid = referral.standing_of(tx, payee_id).pid
    ledger.lock_payees(tx, [pid])
    return referral.ids_of_payee(tx, payee_id, ledger.available_of(tx, [pid])[pid])


def _freeze_rows(tx: Connection, cause: str, ids: Sequence[int], now: int) -> None:
    pids = referral.pids_of(tx, ids)
    ledger.lock_payees(tx, pids)
    known = set(tx.execute(_FROZEN.where(_freezes.c.cause == cause, _freezes.c.commission_id.in_(ids))).scalars())
    shares = [share for share in referral.lock_shares(tx, ids=ids) if share.id not in known]
    if not shares:
        return
    available = ledger.available_of(tx, pids)
    moved: dict[str, ledger.Moved] = {}
    for share in shares:
        share.freezes += 1
        share.due_at = None
        if share.freezes == 1:
            part = moved.setdefault(share.pid, ledger.Moved())
            held_fen, matured_fen = share.held_fen, min(share.matured_fen, available[share.pid])
            share.frozen_held_fen += held_fen
            share.frozen_matured_fen += matured_fen
            share.matured_fen -= matured_fen
            available[share.pid] -= matured_fen
            part.held_fen += held_fen
            part.matured_fen += matured_fen
    referral.save_shares(tx, shares)
    rows = [{"cause": cause, "commission_id": share.id, "opened_at": now} for share in shares]
    tx.execute(insert(_freezes), rows)
    if any(part.total_fen for part in moved.values()):
        ledger.post_freeze(tx, f"{cause}:{shares[0].id}:{shares[0].version}", moved, now=now)


def _pause(tx: Connection, cause: str, order_id: int, now: int) -> None:
    if tx.execute(select(_pauses.c.cause).where(_pauses.c.cause == cause)).first():
        return
    tx.execute(insert(_pauses), {"cause": cause, "order_id": order_id, "opened_at": now})
    _change_pauses(tx, order_id, 1, None)


def _change_pauses(tx: Connection, order_id: int, change: int, due_at: int | None) -> list[int]:
    line_ids = schedule.lines_of_order(tx, order_id)
    ledger.lock_payees(tx, referral.payees_of_lines(tx, line_ids))
    for row in schedule.lock_schedules(tx, line_ids):
        pauses = row.pauses + change
        schedule.save_schedule(tx, row, pauses=pauses, due_at=None if pauses else due_at)
    return line_ids


def unfreeze(tx: Connection, cause: str, now: int) -> None:
    """Take a cause away. Rows without another go back to where they were; what is past its hold matures at once."""
    order_id = tx.execute(
        update(_pauses)
        .where(_pauses.c.cause == cause, _pauses.c.lifted_at.is_(None))
        .values(lifted_at=now)
        .returning(_pauses.c.order_id)
    ).scalar()
    line_ids = set(_change_pauses(tx, order_id, -1, now)) if order_id is not None else set()
    ids = list(tx.execute(_FROZEN.where(_freezes.c.cause == cause)).scalars())
    if ids:
        line_ids |= _unfreeze_rows(tx, cause, ids, now)
    release_lines(tx, sorted(line_ids), now)


def _unfreeze_rows(tx: Connection, cause: str, ids: Sequence[int], now: int) -> set[int]:
    ledger.lock_payees(tx, referral.pids_of(tx, ids))
    lifted = _LIFT.where(_freezes.c.cause == cause, _freezes.c.commission_id.in_(ids))
    ids = list(tx.execute(lifted.values(lifted_at=now).returning(_freezes.c.commission_id)).scalars())
    if not ids:
        return set()
    shares = referral.lock_shares(tx, ids=ids)
    moved: dict[str, ledger.Moved] = {}
    free = []
    for share in shares:
        share.freezes -= 1
        if share.freezes == 0:
            part = moved.setdefault(share.pid, ledger.Moved())
            part.held_fen += share.frozen_held_fen
            part.matured_fen += share.frozen_matured_fen
            share.matured_fen += share.frozen_matured_fen
            share.frozen_held_fen = share.frozen_matured_fen = 0
            share.due_at = now if share.held_fen else None
            free.append(share)
    referral.save_shares(tx, shares)
    if any(part.total_fen for part in moved.values()):
        ledger.post_unfreeze(tx, f"{cause}:{shares[0].id}:{shares[0].version}", moved, now=now)
    line_ids = sorted({share.line_id for share in free})
    for row in schedule.lock_schedules(tx, line_ids):
        if row.pauses == 0:
            schedule.save_schedule(tx, row, due_at=now)
    return set(line_ids)


def catch_up(tx: Connection, order_id: int, now: int) -> None:
    """Let an order whose commission came late meet the causes that were opened against it before."""
    for cause in _PAUSING.run(tx, {"order_id": order_id}).scalars():
        _change_pauses(tx, order_id, 1, None)
        ids = referral.ids_of_order(tx, order_id)
        if ids:
            _freeze_rows(tx, cause, ids, now)
