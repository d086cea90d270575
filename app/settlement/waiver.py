"""A waiver: somebody who leaves gives up what is not theirs to spend yet (distribution 1.21)."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from app import ledger, referral
from app.db import table
from app.referral import Commission
from app.settlement.payee import Payee
from app.settlement.payout import Payout

_rows = table(Commission)
_payees = table(Payee)
_payouts = table(Payout)


def waive(tx: Connection, case: str, payee_ids: Sequence[int], now: int) -> None:
    """Take what is held or frozen for these payees back to the shop; nothing of it matures any more. `case` names it, once.

    The caller has locked the payees.
    """
    waiting = select(_rows.c.id).where(_rows.c.payee_id.in_(payee_ids), _rows.c.matured_fen < _rows.c.net_fen)
    shares = referral.lock_shares(tx, ids=list(tx.execute(waiting).scalars()))
    taken: dict[str, ledger.Taken] = {}
    for share in shares:
        part = taken.setdefault(share.pid, ledger.Taken())
        part.held_fen += share.held_fen
        part.frozen_fen += share.frozen_held_fen + share.frozen_matured_fen
        referral.untally(tx, share, share.net_fen - share.matured_fen)
        share.net_fen, share.cap_fen = share.matured_fen, share.matured_fen - share.borne_fen
        share.frozen_held_fen = share.frozen_matured_fen = 0
        share.due_at = None
    referral.save_shares(tx, shares)
    if any(part.total_fen for part in taken.values()):
        ledger.post_reversal(tx, f"waiver:{case}", taken, now=now)


def forget_payees(tx: Connection, account_id: int) -> None:
    """Destroy where an account wanted to be paid. What money really went to is kept, as the books are."""
    used = select(_payouts.c.payee_id)
    tx.execute(delete(_payees).where(_payees.c.account_id == account_id, _payees.c.id.not_in(used)))
