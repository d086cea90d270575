"""To sanction: suspend a distributor, lift that, or remove one for good, with their money and relations (1.3.14, 1.3.15)."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app import accounts, ledger, referral, settlement
from app.db import AnyRow
from app.errors import N_, Refusal


def grant(tx: Connection, node_id: int, *, reason: str, actor: str, now: int) -> None:
    """Give somebody the right to earn, without a purchase and without a fee. Raises Refusal."""
    if not referral.qualify(tx, node_id, source="admin", now=now):
        raise Refusal(N_("This person may earn already, or is suspended or banned under the same contact."))
    referral.note_event(tx, node_id, "granted", actor=actor, reason=reason, now=now)


def withdraw(tx: Connection, node_id: int, *, reason: str, actor: str, now: int) -> None:
    """Take the right to earn away from here on; what was earned stays, and relations do. Raises Refusal."""
    if not referral.withdraw(tx, node_id):
        raise Refusal(N_("This person has no right to earn that could be withdrawn."))
    referral.note_event(tx, node_id, "withdrawn", actor=actor, reason=reason, now=now)


def suspend(tx: Connection, node_id: int, *, reason: str, actor: str, now: int) -> None:
    """Freeze what the person has, and what comes from now on; nobody is bound to them meanwhile. Raises Refusal."""
    referral.lock_tree(tx)
    if not referral.suspend_node(tx, node_id):
        raise Refusal(N_("This person is suspended or banned already."))
    referral.note_event(tx, node_id, "suspended", actor=actor, reason=reason, now=now)
    settlement.freeze(tx, f"suspension:{node_id}", payee_ids=_part_ids(tx, node_id), now=now)


def lift(tx: Connection, node_id: int, *, reason: str, actor: str, now: int) -> None:
    """End a suspension: frozen money goes back to where it came from, and matures by the usual rules. Raises Refusal."""
    if not referral.lift_node(tx, node_id):
        raise Refusal(N_("This person is not suspended."))
    referral.note_event(tx, node_id, "lifted", actor=actor, reason=reason, now=now)
    settlement.unfreeze(tx, f"suspension:{node_id}", now)


def ban(tx: Connection, node_id: int, *, reason: str, actor: str, now: int) -> None:
    """Remove the person: whoever stood below becomes a root and goes to nobody, and all their money waits for `settle_ban`.

    What others earned on honest orders stays. The person can still log in anew, to see what they bought. Raises Refusal.
    """
    referral.lock_tree(tx)
    if not referral.ban_node(tx, node_id):
        raise Refusal(N_("This person is banned already."))
    referral.detach_node(tx, node_id, up="banned", down="parent_banned", now=now)
    referral.note_event(tx, node_id, "banned", actor=actor, reason=reason, now=now)
    # A request that is written at this moment is seen, or finds the ban.
    ledger.lock_payees(tx, [part.pid for part in referral.parts_of(tx, node_id)])
    account_id = referral.standing_of(tx, node_id).account_id
    if account_id is not None:
        accounts.close_all_sessions(tx, account_id)
        _stop_payout(tx, account_id, reason, actor, now)
    settlement.freeze(tx, f"ban:{node_id}", payee_ids=_part_ids(tx, node_id), now=now)
    # Only after the ban froze everything: nothing is free in between.
    settlement.unfreeze(tx, f"suspension:{node_id}", now)


def settle_ban(
    tx: Connection,
    node_id: int,
    commission_ids: Sequence[int],
    *,
    finish: bool = True,
    reason: str,
    actor: str,
    now: int,
) -> None:
    """Take back the commission that fraud earned; with `finish`, the innocent rest returns, once. Raises Refusal."""
    referral.lock_tree(tx)
    if referral.standing_of(tx, node_id).state != "banned" or referral.has_event(tx, node_id, "settled"):
        raise Refusal(N_("There is no ban to settle, or it is settled already."))
    own = {part.pid for part in referral.parts_of(tx, node_id)}
    if not own.issuperset(referral.pids_of(tx, commission_ids)):
        raise Refusal(N_("One of these commissions belongs to somebody else."))
    if commission_ids:
        event_id = referral.note_event(tx, node_id, "taken_back", actor=actor, reason=reason, now=now)
        settlement.reverse_rows(tx, f"fraud:{event_id}", sorted(commission_ids), now)
    if finish:
        referral.note_event(tx, node_id, "settled", actor=actor, reason=reason, now=now)
        settlement.unfreeze(tx, f"ban:{node_id}", now)


def share_sanction(tx: Connection, guest: AnyRow, own: AnyRow, now: int) -> None:
    """Whoever claims a guest is that guest: the harder of both sanctions is of all of them, and `own` carries it from here on.

    Expects the guest merged into `own`, both as they stood before. What each has waits under the one sanction that is left to
    lift or to settle; a ban that was settled before keeps nothing back that came later.
    """
    actor, reason = "worker", f"= {guest.pid}"
    if "banned" in (guest.state, own.state):
        if own.state != "banned":
            ban(tx, own.id, reason=reason, actor=actor, now=now)
        else:
            _add_to_ban(tx, guest, own, now)
    elif own.state == "suspended":
        settlement.freeze(tx, f"suspension:{own.id}", payee_ids=[guest.id], now=now)
    else:
        suspend(tx, own.id, reason=reason, actor=actor, now=now)
    for cause in ("ban", "suspension"):
        settlement.unfreeze(tx, f"{cause}:{guest.id}", now)


def _add_to_ban(tx: Connection, guest: AnyRow, own: AnyRow, now: int) -> None:
    referral.detach_node(tx, own.id, up="banned", down="parent_banned", now=now)
    if not referral.has_event(tx, own.id, "settled"):
        settlement.freeze(tx, f"ban:{own.id}", payee_ids=[guest.id], now=now)


def _stop_payout(tx: Connection, account_id: int, reason: str, actor: str, now: int) -> None:
    # What is being sent already cannot be called back.
    payout = settlement.open_payout(tx, account_id)
    if payout is not None and payout.state != "processing":
        settlement.reject_payout(tx, payout.number, actor=actor, reason=reason, now=now)


def _part_ids(tx: Connection, node_id: int) -> list[int]:
    return [part.id for part in referral.parts_of(tx, node_id)]
