"""What distributors are told who asked for it. Who bought, and what, is nobody's business but the buyer's (distribution 1.21)."""

from flask_babel import gettext as _

from app import ledger, referral, settlement
from app.clock import DAY
from app.db import AnyRow, db
from app.display import day, level
from app.money import yuan
from app.outbox import ACCRUED
from app.wording.words import Words, link


def word(letter: AnyRow) -> Words | None:
    """The words for a distributor; None when there is nothing to tell any more."""
    if letter.event == ACCRUED:
        return _earned(int(letter.about), letter.account_id)
    if letter.event == "commission.released":
        return _released(int(letter.about), letter.account_id)
    return _paid_out(int(letter.about))


def _ending() -> str:
    return _(
        "You asked for this mail. Which ones you get, you choose at %(address)s", address=link("partner.wishes.edit")
    )


def _earned(order_id: int, account_id: int) -> Words | None:
    rows = referral.earned_by(db.session, order_id, account_id)
    total_fen = sum(row.net_fen for row in rows)
    if not total_fen:
        return None
    return Words(
        _("You earned ¥%(amount)s", amount=yuan(total_fen)),
        (_("Somebody bought who came through you or through a friend of yours."),),
        (
            *((level(row.level), f"¥{yuan(row.net_fen)}") for row in rows),
            (_("Held until"), day(max(row.mature_at for row in rows))),
        ),
        link=link("partner.commissions.index"),
        action=_("See your earnings"),
        small=_ending(),
    )


def _released(number: int, account_id: int) -> Words | None:
    pids = [node.pid for node in referral.nodes_of_account(db.session, account_id)]
    until = referral.end_of_day(number)
    fen = ledger.matured_between(db.session, pids, until - DAY, until)
    if not fen:
        return None
    return Words(
        _("¥%(amount)s became available", amount=yuan(fen)),
        (
            _(
                "Their hold was over on %(day)s. You can ask for a payout, or spend them in the shop.",
                day=day(until - DAY),
            ),
        ),
        link=link("partner.payouts.index"),
        action=_("See your balance"),
        small=_ending(),
    )


def _paid_out(payout_id: int) -> Words:
    payout = settlement.payout_by_id(db.session, payout_id)
    payee = settlement.payee_by_id(db.session, payout.payee_id)
    sent_fen = payout.amount_fen - payout.fee_fen - payout.tax_fen
    return Words(
        _("Your payout of ¥%(amount)s was sent", amount=yuan(payout.amount_fen)),
        (_("¥%(amount)s went to %(account)s.", amount=yuan(sent_fen), account=payee.masked),),
        ((_("Payout"), payout.number),),
        link=link("partner.payouts.index"),
        action=_("See your balance"),
        small=_ending(),
    )
