"""The steps of a dispute. Each is one conditional UPDATE: of two who act at once, one finds that the other was quicker."""

from sqlalchemy import Connection, Update, bindparam, func, text, update

from app.db import AnyRow, table
from app.errors import N_, Refusal
from app.settlement.dispute import PATIENCE_SECONDS, Dispute

_disputes = table(Dispute)
_STEP = update(_disputes).where(_disputes.c.id == bindparam("dispute_id"))
_LIVING = ("open", "evidence", "decided", "appeal")
DECISIONS = {"distributor": ("adjust", "refused")}
USUAL_DECISIONS = ("buyer", "seller", "split")


class Overtaken(Refusal):
    """The dispute went on in the meantime, or is not at this step."""

    status = 409


def _take(tx: Connection, step: Update, dispute_id: int) -> None:
    if tx.execute(step, {"dispute_id": dispute_id}).rowcount == 0:
        raise Overtaken(N_("The dispute has moved on meanwhile. Please look at it again."))


def note_silence(tx: Connection, dispute_id: int, now: int) -> bool:
    """Go on without the shop, which had 72 hours to answer: the time for evidence is over too. False if it is not so far."""
    step = _STEP.where(_disputes.c.state == "open", _disputes.c.answer_until <= now)
    step = step.values(state="evidence", evidence_until=_disputes.c.answer_until, due_at=None)
    return tx.execute(step, {"dispute_id": dispute_id}).rowcount == 1


def note_answer(tx: Connection, dispute_id: int, now: int) -> bool:
    """The shop spoke: both sides have 72 hours more. False if it had spoken before."""
    step = _STEP.where(_disputes.c.state == "open")
    step = step.values(state="evidence", answered_at=now, evidence_until=now + PATIENCE_SECONDS, due_at=None)
    return tx.execute(step, {"dispute_id": dispute_id}).rowcount == 1


def note_reply(tx: Connection, dispute_id: int, now: int) -> None:
    """The opener spoke to the answer: now both sides were heard."""
    step = _STEP.where(_disputes.c.answered_at.is_not(None), _disputes.c.replied_at.is_(None))
    tx.execute(step.values(replied_at=now), {"dispute_id": dispute_id})


def note_offer(tx: Connection, dispute_id: int, fen: int) -> None:
    """The shop offers to refund `fen`; a later offer takes the place of an earlier one."""
    step = _STEP.where(_disputes.c.state.in_(("open", "evidence", "decided", "appeal")))
    _take(tx, step.values(offer_fen=fen), dispute_id)


def note_order(tx: Connection, dispute_id: int, order_id: int, last_refund_id: int) -> None:
    """Somebody found out which order a distributor means."""
    step = _STEP.where(_disputes.c.order_id.is_(None), _disputes.c.state.in_(_LIVING))
    _take(tx, step.values(order_id=order_id, last_refund_id=last_refund_id), dispute_id)


def may_be_decided(row: AnyRow | Dispute, now: int) -> bool:
    """Whether an arbitrator may decide now: both sides were heard, or had their time, or one of them appealed."""
    if row.state == "appeal":
        return True
    heard = row.replied_at is not None or (row.evidence_until is not None and row.evidence_until <= now)
    return row.state == "evidence" and heard


def note_decision(
    tx: Connection, row: AnyRow, *, decision: str, fen: int, decided_by: str, reason: str, now: int
) -> None:
    """Write a decision down; the sides have 72 hours to appeal. After an appeal it only stands until it is closed."""
    if not may_be_decided(row, now):
        raise Overtaken(N_("This cannot be decided now: the sides still have time to speak, or somebody was quicker."))
    assert decision in DECISIONS.get(row.kind, USUAL_DECISIONS)
    values = {"decision": decision, "decision_fen": fen, "decided_by": decided_by, "reason": reason}
    if row.state == "evidence":
        until = now + PATIENCE_SECONDS
        values |= {"state": "decided", "appeal_until": until, "due_at": until}
    _take(tx, _STEP.where(_disputes.c.state == row.state).values(values), row.id)


def note_acceptance(tx: Connection, dispute_id: int, side: str, now: int) -> bool:
    """One side takes the decision. True when now both have."""
    column = {"opener": _disputes.c.opener_accepted_at, "shop": _disputes.c.shop_accepted_at}[side]
    step = _STEP.where(_disputes.c.state == "decided").values({column.name: func.coalesce(column, now)})
    both = step.returning(_disputes.c.opener_accepted_at, _disputes.c.shop_accepted_at)
    found = tx.execute(both, {"dispute_id": dispute_id}).first()
    if found is None:
        raise Overtaken(N_("There is no decision to accept at the moment."))
    return None not in found


def note_appeal(tx: Connection, dispute_id: int, side: str, now: int) -> None:
    """One side does not take the decision: another one will be final. It can be done once, and within 72 hours."""
    accepted = {"opener": _disputes.c.opener_accepted_at, "shop": _disputes.c.shop_accepted_at}[side]
    step = _STEP.where(_disputes.c.state == "decided", _disputes.c.appeal_until > now, accepted.is_(None))
    _take(tx, step.values(state="appeal", appealed_by=side, due_at=None), dispute_id)


def close_dispute(tx: Connection, row: AnyRow, state: str, now: int, **decision: object) -> None:
    """End the dispute as it stands, 'final' or 'withdrawn'. Whoever does this moves the money; nobody does it twice."""
    step = _STEP.where(_disputes.c.state == row.state, text("closed_at IS NULL"))
    _take(tx, step.values(state=state, closed_at=now, due_at=None, **decision), row.id)
