"""To leave: an account is deleted at its owner's wish, and the network keeps a random id and numbers (1.3.16, 1.21)."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app import accounts, ledger, orders, outbox, referral, settlement
from app.errors import N_, Refusal


def leave(tx: Connection, account_id: int, *, waive: bool, now: int) -> None:
    """Delete a buyer's account: contacts, browsers, sessions and second factors are destroyed, relations end, children become roots.

    Money that is left has to be paid out first, or given up expressly (`waive`); a debt is written off. Raises Refusal.
    """
    if account_id in {person.id for person in accounts.list_staff(tx)}:
        raise Refusal(N_("Whoever runs the shop is removed by its owner."), field="password")
    nodes = referral.nodes_of_account(tx, account_id)
    own = nodes[0]
    if settlement.count_open_claims(tx, own.id):
        raise Refusal(N_("A claim of yours is open. Please wait for its decision, or withdraw it."), field="password")
    if any(referral.is_sanctioned(tx, node) for node in nodes):
        raise Refusal(N_("Your earnings are being looked into. Please wait until that is decided."), field="password")
    ledger.lock_payees(tx, [node.pid for node in nodes])
    if settlement.open_payout(tx, account_id):
        raise Refusal(N_("A payout is on its way. Please wait for it, or cancel it first."), field="password")
    referral.lock_tree(tx)
    settlement.release_for(tx, [node.id for node in nodes], now)
    _settle(tx, [node.id for node in nodes], {node.pid for node in nodes}, own.pid, waive, now)
    referral.detach_node(tx, own.id, up="deleted", down="parent_deleted", now=now)
    referral.note_event(tx, own.id, "deleted", actor="owner of the account", reason="", now=now)
    referral.erase_nodes(tx, [node.id for node in nodes], now)
    orders.forget_devices(tx, account_id)
    settlement.forget_payees(tx, account_id)
    outbox.choose(tx, account_id, (), "", now)
    accounts.close_all_sessions(tx, account_id)
    accounts.drop_second_factor(tx, account_id)
    accounts.erase_identities(tx, account_id)
    accounts.erase_account(tx, account_id, now)


def clear_departed(tx: Connection, now: int, limit: int = 50) -> int:
    """Settle what came to people after they left, as when they left: nobody is there to be paid or to owe. Returns how many."""
    departed = referral.departed_with_money(tx, limit)
    for node in departed:
        _settle(tx, [node.id], {node.pid}, f"{node.pid}:{now}", True, now)
    return len(departed)


def _settle(tx: Connection, node_ids: Sequence[int], pids: set[str], case: str, waive: bool, now: int) -> None:
    ledger.lock_payees(tx, pids)
    wallet = ledger.read_wallet(tx, sorted(pids))
    left_fen = wallet.held_fen + wallet.available_fen + wallet.frozen_fen
    if left_fen and not waive:
        raise Refusal(N_("Money is left. Have it paid out first, or say that you give it up."), field="waive")
    settlement.waive(tx, case, node_ids, now)
    for pid in sorted(pids):
        mine = ledger.read_wallet(tx, [pid])
        if mine.available_fen:
            ledger.forfeit(tx, case, pid, mine.available_fen, now=now)
        if mine.debt_fen:
            ledger.write_off(tx, case, pid, mine.debt_fen, now=now)
