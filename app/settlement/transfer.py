"""A transfer: a payout that a provider's interface sends. Until the provider says how it went, nobody else does."""

from sqlalchemy import Connection

from app import outbox
from app.errors import N_, Refusal
from app.settlement.disbursement import process_payout, refuse_own, want_second
from app.settlement.payee import payee_by_id
from app.settlement.payout import TRANSFER, PayoutMoved, find_payout, transfer_subject
from app.shop import Settings


def start_transfer(tx: Connection, number: str, *, by: int, settings: Settings, now: int) -> None:
    """Hand an approved payout to the outbox, for whoever has an account at Alipay. Raises Refusal, PayoutMoved.

    Above the shop's threshold `by` must be another account than who approved it: nobody confirms it later.
    """
    payout = find_payout(tx, number)
    if payout is None:
        raise PayoutMoved
    refuse_own(payout, f"account:{by}")
    if payee_by_id(tx, payout.payee_id).method != "alipay":
        raise Refusal(N_("Alipay sends only to accounts at Alipay."))
    if payout.amount_fen > settings.payout_second_admin_fen:
        want_second(tx, payout, by)
    process_payout(tx, number, actor=f"account:{by}", reason=TRANSFER, now=now)
    outbox.put(tx, TRANSFER, transfer_subject(tx, payout), now)
