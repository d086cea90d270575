"""To decide a dispute. Whoever decides is no party to it; what the provider decides is final (distribution 1.12)."""

from sqlalchemy import Connection

from app import accounts, orders, referral, settlement
from app.db import AnyRow, Reader
from app.errors import N_, Refusal
from app.money import share, yuan
from app.settlement import Overtaken
from app.trade.complain import cause_of, claimable_order
from app.trade.conclude import advance_dispute, conclude

# What all levels of an order may cost at most, at any rates.
MOST_ADJUSTED_BPS = 3000


class IsParty(Refusal):
    """Nobody judges in a matter of their own."""

    status = 403


def bias(connection: Reader, row: AnyRow | settlement.Dispute, account_id: int) -> str | None:
    """Why this arbitrator may not decide: 'spoke', 'buyer', 'payee', 'opener' or 'decided'; None if they may."""
    if f"account:{account_id}" in settlement.speakers_of(connection, row.id):
        return "spoke"
    mine = [node.id for node in referral.nodes_of_account(connection, account_id)]
    if row.node_id in mine:
        return "opener"
    if row.order_id is not None:
        reason = _part_in_order(connection, row.order_id, account_id, mine)
        if reason:
            return reason
    if row.state == "appeal" and row.decided_by == f"account:{account_id}" and _others(connection, row, account_id):
        return "decided"
    return None


def _part_in_order(connection: Reader, order_id: int, account_id: int, mine: list[int]) -> str | None:
    buyer = orders.buyer_of(connection, order_id)
    contacts = accounts.person_indexes(connection, account_id)
    if buyer.account_id == account_id or buyer.node_id in mine or buyer.person_index in contacts:
        return "buyer"
    return "payee" if mine and referral.ids_of_order(connection, order_id, mine) else None


def _others(connection: Reader, row: AnyRow | settlement.Dispute, account_id: int) -> bool:
    """Whether somebody else could decide the appeal."""
    staff = accounts.list_staff(connection)
    others = [one.id for one in staff if one.role == "arbitrator" and one.disabled_at is None and one.id != account_id]
    return any(bias(connection, row, other) is None for other in others)


def decide_dispute(
    tx: Connection,
    dispute_id: int,
    *,
    account_id: int,
    seen_state: str,
    decision: str,
    fen: int | None,
    reason: str,
    order_number: str | None = None,
    now: int,
) -> None:
    """Decide: 'buyer', 'seller' or 'split' of `fen`; a distributor's claim 'adjust' by `fen`, or 'refused'.

    The sides may appeal for 72 hours, or both take it; a decision after an appeal is final at once. Raises Refusal.
    """
    row = advance_dispute(tx, dispute_id, now)
    if row.state != seen_state:
        raise Overtaken(N_("The dispute has moved on meanwhile. Please look at it again."))
    if row.kind == "provider":
        raise Refusal(N_("The provider decides this."))
    if row.kind == "distributor" and row.order_id is None and order_number:
        row = _find_order(tx, row, order_number, now)
    # After the order is known: only then it is known who is a party.
    if bias(tx, row, account_id):
        raise IsParty(N_("You are a party to this dispute, or decided it before."))
    fen = _amount(tx, row, decision, fen)
    actor = f"account:{account_id}"
    settlement.note_decision(tx, row, decision=decision, fen=fen, decided_by=actor, reason=reason, now=now)
    settlement.record_statement(
        tx, row.id, side="arbitrator", actor=actor, kind="decision", text=reason, fen=fen, now=now
    )
    if row.state == "appeal":
        conclude(tx, row, side="arbitrator", actor=actor, now=now)


def decide_now(
    tx: Connection,
    dispute_id: int,
    *,
    account_id: int,
    decision: str,
    fen: int | None,
    order_number: str | None = None,
    now: int,
) -> None:
    """What `decide_dispute` comes to once it is final. For a rehearsal: the sides have their time to appeal. Raises Refusal."""
    row = advance_dispute(tx, dispute_id, now)
    if row.closed_at is not None or row.kind == "provider":
        raise Overtaken(N_("The dispute has moved on meanwhile. Please look at it again."))
    if row.kind == "distributor" and row.order_id is None and order_number:
        row = _find_order(tx, row, order_number, now)
    actor = f"account:{account_id}"
    conclude(
        tx,
        row,
        side="arbitrator",
        actor=actor,
        now=now,
        decision=decision,
        decision_fen=_amount(tx, row, decision, fen),
        decided_by=actor,
        reason="",
    )


def _find_order(tx: Connection, row: AnyRow, order_number: str, now: int) -> AnyRow:
    order_id = claimable_order(tx, row.node_id, order_number, row.opened_at)
    orders.lock_order(tx, order_id)
    settlement.note_order(tx, row.id, order_id, orders.last_refund(tx, order_id))
    settlement.freeze(tx, cause_of(row), order_id=order_id, now=now)
    return settlement.find_dispute(tx, row.id)


def _amount(tx: Connection, row: AnyRow, decision: str, fen: int | None) -> int:
    if decision not in settlement.DECISIONS.get(row.kind, settlement.USUAL_DECISIONS):
        raise Refusal(N_("Please choose a decision."), field="decision")
    if decision in ("seller", "refused"):
        return 0
    if decision == "buyer":
        wanted: int = row.wanted_fen
        return wanted
    most_fen = _most(tx, row, decision)
    if fen is None or not 0 < fen <= most_fen:
        raise Refusal(N_("Please enter an amount of at most ¥%(most)s."), field="amount", most=yuan(most_fen))
    return fen


def _most(tx: Connection, row: AnyRow, decision: str) -> int:
    if row.order_id is None:
        raise Refusal(N_("Which order is meant? Enter its number."), field="order_number")
    left_fen = sum(orders.refundable(tx, row.order_id).values())
    if decision == "adjust":
        return share(left_fen, MOST_ADJUSTED_BPS)
    return left_fen + orders.refunded_since(tx, row.order_id, row.last_refund_id)


def record_outcome(tx: Connection, dispute_id: int, *, fen: int, reference: str, actor: str, now: int) -> None:
    """Note what the provider decided about a payment that is disputed there: `fen` went back to the buyer. Final.

    A dispute with the buyer is not the shop's to end: what the provider took back meanwhile is a refund of the order.
    """
    row = advance_dispute(tx, dispute_id, now)
    if row.closed_at is not None:
        raise Overtaken(N_("The dispute is closed."))
    if row.kind != "provider":
        raise Refusal(
            N_(
                "An arbitrator decides this. If the provider took money back, note it as a refund of the order: it counts."
            )
        )
    if not 0 <= fen <= _most(tx, row, "split"):
        raise Refusal(
            N_("Please enter an amount of at most ¥%(most)s."), field="amount", most=yuan(_most(tx, row, "split"))
        )
    decision = "seller" if fen == 0 else "buyer" if fen == row.wanted_fen else "split"
    conclude(
        tx,
        row,
        side="provider",
        actor=actor,
        now=now,
        reference=reference,
        decision=decision,
        decision_fen=fen,
        decided_by="provider",
        reason=reference,
    )
