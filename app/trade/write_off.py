"""To write off: a debt that is too old to be earned back, or that somebody left behind, becomes the shop's loss (1.11)."""

from sqlalchemy import Connection

from app import ledger, referral, settlement
from app.clock import DAY
from app.errors import N_, Refusal

DEBT_DAYS = 180


def write_off(tx: Connection, node_id: int, *, reason: str, actor: str, now: int) -> None:
    """Give up what a distributor owes, once nothing was added to it for 180 days. Raises Refusal."""
    parts = referral.parts_of(tx, node_id)
    pids = [part.pid for part in parts]
    ledger.lock_payees(tx, pids)
    wallet = ledger.read_wallet(tx, pids)
    if not wallet.debt_fen:
        raise Refusal(N_("This distributor owes nothing."))
    grew_at = settlement.owing_since(tx, [part.id for part in parts])
    if grew_at is not None and now < grew_at + DEBT_DAYS * DAY:
        raise Refusal(
            N_("Later earnings may still pay this debt. It can be written off after %(days)s days."), days=DEBT_DAYS
        )
    event_id = referral.note_event(tx, node_id, "written_off", actor=actor, reason=reason, now=now)
    for pid in pids:
        debt_fen = ledger.read_wallet(tx, [pid]).debt_fen
        if debt_fen:
            ledger.write_off(tx, f"event:{event_id}", pid, debt_fen, now=now)
