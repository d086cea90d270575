"""What the two sides do in a dispute: speak, offer, agree, take the decision or appeal (distribution 1.12)."""

from sqlalchemy import Connection

from app import orders, settlement
from app.db import AnyRow
from app.errors import N_, Refusal
from app.picture import Picture
from app.settlement import Overtaken
from app.trade.complain import cause_of
from app.trade.conclude import advance_dispute, conclude

_OPEN_FOR_WORDS = ("open", "evidence", "appeal")
_OVER = N_("The dispute is closed.")


def speak(
    tx: Connection, dispute_id: int, *, side: str, actor: str, words: str, picture: Picture | None = None, now: int
) -> None:
    """Add words or a picture. The shop's first words are its answer. Raises Refusal."""
    row = advance_dispute(tx, dispute_id, now)
    if row.state not in _OPEN_FOR_WORDS:
        raise Overtaken(N_("Nothing can be added now.") if row.closed_at is None else _OVER)
    if not words and picture is None:
        raise Refusal(N_("Please write something, or choose a picture."), field="words")
    answers = side == "shop" and row.kind != "provider" and settlement.note_answer(tx, row.id, now)
    if side == "opener":
        settlement.note_reply(tx, row.id, now)
    settlement.record_statement(
        tx,
        row.id,
        side=side,
        actor=actor,
        kind="answer" if answers else "message",
        text=words,
        picture=picture,
        now=now,
    )


def offer(tx: Connection, dispute_id: int, *, fen: int, words: str, actor: str, now: int) -> None:
    """The shop offers to refund `fen` and be done with it. Raises Refusal."""
    row = _of_buyer(advance_dispute(tx, dispute_id, now))
    # Refused here when it is more than can go back.
    orders.spread(orders.refundable(tx, row.order_id), fen)
    settlement.note_offer(tx, row.id, fen)
    settlement.note_answer(tx, row.id, now)
    settlement.record_statement(tx, row.id, side="shop", actor=actor, kind="offer", text=words, fen=fen, now=now)


def _of_buyer(row: AnyRow) -> AnyRow:
    """Only with the buyer the shop may agree by itself: the provider decides alone, and an adjustment needs two persons."""
    if row.kind != "buyer":
        raise Refusal(N_("Only an arbitrator or the provider can end this."))
    if row.closed_at is not None:
        raise Overtaken(_OVER)
    return row


def take_offer(tx: Connection, dispute_id: int, *, seen_fen: int, actor: str, now: int) -> None:
    """The buyer takes the offer that was seen: final at once."""
    row = _of_buyer(advance_dispute(tx, dispute_id, now))
    if row.offer_fen is None or row.offer_fen != seen_fen:
        raise Overtaken(N_("The offer has changed. Please look at it again."))
    _agree(tx, row, "opener", actor, row.offer_fen, now)


def concede(tx: Connection, dispute_id: int, *, actor: str, now: int) -> None:
    """The shop gives the buyer what the buyer asks for: final at once."""
    row = _of_buyer(advance_dispute(tx, dispute_id, now))
    _agree(tx, row, "shop", actor, row.wanted_fen, now)


def agree_on(tx: Connection, dispute_id: int, *, fen: int, actor: str, now: int) -> None:
    """What an offer of `fen` comes to once the buyer takes it. For a rehearsal: both sides have to say so. Raises Refusal."""
    row = _of_buyer(advance_dispute(tx, dispute_id, now))
    orders.spread(orders.refundable(tx, row.order_id), fen)
    _agree(tx, row, "opener", actor, fen, now)


def _agree(tx: Connection, row: AnyRow, side: str, actor: str, fen: int, now: int) -> None:
    settlement.record_statement(tx, row.id, side=side, actor=actor, kind="acceptance", fen=fen, now=now)
    conclude(
        tx,
        row,
        side=side,
        actor=actor,
        now=now,
        decision="buyer" if fen == row.wanted_fen else "split",
        decision_fen=fen,
        decided_by="agreement",
        reason=None,
    )


def accept_decision(tx: Connection, dispute_id: int, *, side: str, actor: str, now: int) -> None:
    """Take the decision; when both sides have, it is final at once."""
    row = advance_dispute(tx, dispute_id, now)
    both = settlement.note_acceptance(tx, row.id, side, now)
    settlement.record_statement(tx, row.id, side=side, actor=actor, kind="acceptance", now=now)
    if both:
        conclude(tx, row, side=side, actor=actor, now=now)


def appeal(tx: Connection, dispute_id: int, *, side: str, actor: str, words: str, now: int) -> None:
    """Ask for another decision, which is final: within 72 hours, once."""
    row = advance_dispute(tx, dispute_id, now)
    settlement.note_appeal(tx, row.id, side, now)
    settlement.record_statement(tx, row.id, side=side, actor=actor, kind="appeal", text=words, now=now)


def withdraw_claim(tx: Connection, dispute_id: int, *, actor: str, now: int) -> None:
    """The opener takes the claim back before it is decided; the commission goes on as if nothing had been."""
    row = advance_dispute(tx, dispute_id, now)
    if row.state not in ("open", "evidence"):
        raise Overtaken(N_("It is too late to take it back."))
    settlement.close_dispute(tx, row, "withdrawn", now)
    settlement.record_statement(tx, row.id, side="opener", actor=actor, kind="withdrawn", now=now)
    settlement.unfreeze(tx, cause_of(row), now)
