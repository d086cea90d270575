"""To suspect: look at an order whose commission was just booked, and let it wait for the merchant where something is odd.

Nothing is ever dropped for a suspicion: networks are shared, and a cheap mailbox is no crime (distribution 1.3.10, section 3).
"""

from typing import Any

from sqlalchemy import Connection

from app import orders, referral, settlement
from app.errors import N_, Refusal
from app.trade.upline import Upline


def suspect(tx: Connection, order_id: int, buyer_id: int, upline: Upline, snapshot: Any, now: int) -> None:
    """Raise the flags that an order with commission deserves, and freeze what each is about."""
    if not referral.accrued(tx, order_id):
        return
    payee_ids = [node_id for node_id in (upline.l1_id, upline.l2_id) if node_id is not None]
    if referral.seen_alike(tx, payee_ids, snapshot.trace):
        _flag(tx, order_id, "network", "", None, now)
    domain = orders.mail_domain(tx, order_id)
    if domain is not None and referral.is_disposable(domain):
        _flag(tx, order_id, "mailbox", domain, None, now)
    people = referral.burst_of(tx, buyer_id)
    if people > referral.BURST_PEOPLE:
        _flag(tx, order_id, "burst", str(people), None, now)
    if upline.l1_id is not None:
        refunds = referral.refunds_of(tx, upline.l1_id, without_order_id=order_id)
        if refunds.is_high:
            _flag(tx, order_id, "refunds", f"{refunds.bps // 100}% / {refunds.buyers}", upline.l1_id, now)


def _flag(tx: Connection, order_id: int, kind: str, detail: str, payee_id: int | None, now: int) -> None:
    flag_id = referral.open_flag(tx, order_id, kind, detail=detail, payee_id=payee_id, now=now)
    if flag_id is not None:
        payee_ids = None if payee_id is None else [payee_id]
        settlement.freeze(tx, f"flag:{flag_id}", order_id=order_id, payee_ids=payee_ids, now=now)


def clear_flag(tx: Connection, flag_id: int, *, note: str, actor: str, now: int) -> None:
    """The merchant finds nothing wrong: the commission goes back to where it was. Raises Refusal."""
    _decide(tx, flag_id, "cleared", note, actor, now)
    settlement.unfreeze(tx, f"flag:{flag_id}", now)


def uphold_flag(tx: Connection, flag_id: int, *, note: str, actor: str, now: int) -> None:
    """The merchant finds fraud: the commission that the flag is about is taken back whole. Raises Refusal."""
    flag = _decide(tx, flag_id, "upheld", note, actor, now)
    payee_ids = None if flag.payee_id is None else [flag.payee_id]
    ids = referral.ids_of_order(tx, flag.order_id, payee_ids)
    if ids:
        settlement.reverse_rows(tx, f"flag:{flag_id}", ids, now)
    settlement.unfreeze(tx, f"flag:{flag_id}", now)


def _decide(tx: Connection, flag_id: int, state: str, note: str, actor: str, now: int) -> Any:
    flag = referral.find_flag(tx, flag_id)
    if flag is None or not referral.decide_flag(tx, flag_id, state, note=note, actor=actor, now=now):
        raise Refusal(N_("This flag was decided already."))
    return flag
