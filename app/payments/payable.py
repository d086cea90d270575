"""What a buyer has to pay through a channel: the order's total, what the channel puts on top, and an amount that tells it apart."""

from sqlalchemy import Connection, text

from app.clock import DAY
from app.db import take_turns
from app.errors import N_, Refusal
from app.money import yuan
from app.payments.account import Account

# So much less than asked for at most, and so long nobody else is asked for the same amount.
MOST_OFF_FEN = 99
KEPT_SECONDS = DAY

_FORGET = text(
    "UPDATE payment SET matched_fen = NULL WHERE channel_id = :channel_id AND matched_fen BETWEEN :least_fen AND :most_fen "
    "AND created_at < :before"
)
_TAKEN = text(
    "SELECT matched_fen FROM payment WHERE channel_id = :channel_id AND matched_fen BETWEEN :least_fen AND :most_fen"
)


def payable(tx: Connection, account: Account, total_fen: int, now: int) -> tuple[int, int | None]:
    """(what the buyer pays in fen, the same once more where the channel tells payments by their amount).

    Such an amount is a little less than asked for, never more: nobody shall pay more than they saw. Raises Refusal where the channel
    does not take the total, or where too many are paying it at this moment.
    """
    terms = account.terms
    if not terms.takes(total_fen):
        raise Refusal(
            N_("This way to pay is for ¥%(least)s to ¥%(most)s. Please choose another."),
            field="gateway",
            least=yuan(terms.least_fen or 0),
            most=yuan(terms.most_fen) if terms.most_fen is not None else "…",
        )
    amount_fen = total_fen + terms.surcharge_fen(total_fen)
    if not terms.unique_amounts:
        return amount_fen, None
    chosen_fen = _own_amount(tx, account.id, amount_fen, now)
    return chosen_fen, chosen_fen


def _own_amount(tx: Connection, channel_id: int, amount_fen: int, now: int) -> int:
    take_turns(tx, f"amounts:{channel_id}")
    span = {"channel_id": channel_id, "least_fen": max(1, amount_fen - MOST_OFF_FEN), "most_fen": amount_fen}
    tx.execute(_FORGET, span | {"before": now - KEPT_SECONDS})
    taken = set(tx.execute(_TAKEN, span).scalars())
    for fen in range(amount_fen, span["least_fen"] - 1, -1):
        if fen not in taken:
            return fen
    raise Refusal(
        N_("Too many people are paying this amount right now. Please choose another way to pay, or try again later."),
        field="gateway",
    )
