"""A disbursement: what the merchant does with a payout request, step by step, each step once (distribution 1.13, J7)."""

from sqlalchemy import Connection

from app import accounts, ledger, outbox, referral
from app.db import AnyRow
from app.errors import N_, Refusal
from app.settlement.payout import PayoutMoved, find_payout, move, parts_of_payout, transfer_subject
from app.shop import Settings

# Whose roles may send payouts.
PAYERS = frozenset({"owner", "manager", "finance"})


def _find(tx: Connection, number: str) -> AnyRow:
    payout = find_payout(tx, number)
    if payout is None:
        raise PayoutMoved
    return payout


def refuse_own(payout: AnyRow, actor: str) -> None:
    """Raise Refusal when the payout is the actor's own."""
    if actor == f"account:{payout.account_id}":
        raise Refusal(N_("Somebody else has to look at a payout of your own."))


def _refuse_in_flight(tx: Connection, payout: AnyRow) -> None:
    if payout.state == "processing" and outbox.is_pending(tx, transfer_subject(tx, payout)):
        raise Refusal(N_("Alipay has it and has not said yet how it went. It is asked again by itself; please wait."))


def is_stopped(tx: Connection, payout: AnyRow) -> bool:
    """Whether the distributor is suspended, or banned and the ban is not settled: nothing is sent meanwhile."""
    return any(referral.is_sanctioned(tx, node) for node in referral.nodes_of_account(tx, payout.account_id))


def _refuse_sanctioned(tx: Connection, payout: AnyRow) -> None:
    if is_stopped(tx, payout):
        raise Refusal(N_("This distributor is suspended or banned. Lift the suspension first, or reject the payout."))


def want_second(tx: Connection, payout: AnyRow, by: int) -> None:
    """Raise Refusal when `by` is who approved it: above the shop's threshold two people look at a payout."""
    if by != payout.approved_by:
        return
    refuse_alone(tx, payout)
    raise Refusal(N_("So large a payout wants two people: somebody else than who approved it does this."), "reference")


def refuse_alone(tx: Connection, payout: AnyRow) -> None:
    """Raise Refusal when nobody else may confirm a payout that wants two people."""
    staff = {one.id for one in accounts.list_staff(tx) if one.role in PAYERS and one.disabled_at is None}
    if staff <= {payout.approved_by, payout.account_id}:
        raise Refusal(
            N_(
                "So large a payout wants two people, and you are alone: invite somebody under People, who does this then."
            ),
            "reference",
        )


def approve_payout(tx: Connection, number: str, *, by: int, now: int) -> None:
    """A staff account finds the request in order. Raises Refusal, PayoutMoved."""
    if ledger.books_broken(tx):
        raise Refusal(N_("The books do not balance: no payout goes out until they do."))
    payout, actor = _find(tx, number), f"account:{by}"
    refuse_own(payout, actor)
    _refuse_sanctioned(tx, payout)
    move(tx, payout, "approved", actor=actor, now=now, approved_by=by)


def process_payout(tx: Connection, number: str, *, actor: str, reason: str = "", now: int) -> None:
    """Its money is being sent now, by whatever means; from here on nobody sends it a second time. Raises PayoutMoved."""
    if ledger.books_broken(tx):
        raise Refusal(N_("The books do not balance: no payout goes out until they do."))
    payout = _find(tx, number)
    _refuse_sanctioned(tx, payout)
    move(tx, payout, "processing", actor=actor, reason=reason, now=now)


def confirm_payout(
    tx: Connection, number: str, *, reference: str, by: int | None, actor: str, settings: Settings, now: int
) -> None:
    """It arrived, under an external reference. Above the shop's threshold, `by` must be another account than who approved it.

    `by` is None where a provider's interface said so: there two people looked before it was sent.
    """
    payout = _find(tx, number)
    _refuse_in_flight(tx, payout)
    refuse_own(payout, f"account:{by}")
    if not reference.strip():
        raise Refusal(N_("Please note the number of the transfer, so that it can be found again."), "reference")
    if by is not None and payout.amount_fen > settings.payout_second_admin_fen:
        want_second(tx, payout, by)
    move(tx, payout, "paid", actor=actor, now=now, reference=reference.strip()[:80], settled_at=now)
    parts = parts_of_payout(tx, payout.id)
    fees = {"fee_fen": payout.fee_fen, "tax_fen": payout.tax_fen}
    ledger.post_payout_paid(tx, number, parts, now=now, **fees)


def fail_payout(tx: Connection, number: str, *, actor: str, reason: str, now: int) -> None:
    """It could not be sent. The money still waits: retry it, or reject it."""
    payout = _find(tx, number)
    _refuse_in_flight(tx, payout)
    refuse_own(payout, actor)
    move(tx, payout, "failed", actor=actor, reason=reason, now=now)


def retry_payout(tx: Connection, number: str, *, actor: str, now: int) -> None:
    """A failed one begins anew, and wants an approval again."""
    move(tx, _find(tx, number), "requested", actor=actor, now=now, approved_by=None)


def reject_payout(tx: Connection, number: str, *, actor: str, reason: str, now: int) -> None:
    """It is not sent; the money goes back to its owner, a debt first."""
    if not reason.strip():
        raise Refusal(N_("Please say why, in a sentence that its owner will read."), "reason")
    _give_back(tx, number, "rejected", actor, reason, now)


def cancel_payout(tx: Connection, number: str, *, actor: str, now: int) -> None:
    """Its owner does not want it any more, and nobody has looked at it yet."""
    _give_back(tx, number, "cancelled", actor, "", now)


def _give_back(tx: Connection, number: str, state: str, actor: str, reason: str, now: int) -> None:
    payout = _find(tx, number)
    parts = parts_of_payout(tx, payout.id)
    ledger.lock_payees(tx, parts)
    move(tx, payout, state, actor=actor, reason=reason, now=now, settled_at=now)
    ledger.post_payout_refused(tx, number, state, parts, now=now)


def return_payout(tx: Connection, number: str, *, actor: str, reason: str, now: int) -> None:
    """What was paid came back from the bank, whole. Its owner may not say so: it would be theirs twice."""
    payout = _find(tx, number)
    refuse_own(payout, actor)
    parts = parts_of_payout(tx, payout.id)
    ledger.lock_payees(tx, parts)
    move(tx, payout, "returned", actor=actor, reason=reason, now=now, settled_at=now)
    fees = {"fee_fen": payout.fee_fen, "tax_fen": payout.tax_fen}
    ledger.post_payout_returned(tx, number, parts, now=now, **fees)
