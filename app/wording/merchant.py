"""What the merchant is told: one thing a letter, and where to look."""

from flask_babel import gettext as _
from sqlalchemy import select

from app import accounts, audit, catalog, outbox, payments, referral, settlement, stock, trade
from app.catalog import Sku
from app.db import AnyRow, db
from app.money import yuan
from app.wording.words import Words, link


def word(letter: AnyRow) -> Words | None:
    """The words for the merchant; None when there is nothing to tell any more."""
    return WORDS[letter.event](letter.about)


def _bought(order: trade.OrderFacts) -> str:
    return "\n".join(f"{' '.join(filter(None, (line.title, line.sku)))} × {line.quantity}" for line in order.lines)


def _paid(about: str) -> Words:
    order = trade.relate(db.session, "order.paid", about).order
    return Words(
        _("Paid: ¥%(amount)s", amount=yuan(order.total_fen)),
        (_bought(order), _("Order %(number)s", number=order.number)),
        link=link("admin.orders.show", number=order.number),
    )


def _delivered(about: str) -> Words:
    order = trade.relate(db.session, "order.delivered", about).order
    title = _("Handed over: order %(number)s", number=order.number)
    return Words(title, (_bought(order),), link=link("admin.orders.show", number=order.number))


def _refunded(about: str) -> Words:
    told = trade.relate(db.session, "order.refunded", about)
    title = _("Refunded: ¥%(amount)s", amount=yuan(told.refund.amount_fen))
    said = _("Order %(number)s", number=told.order.number)
    return Words(title, (said,), link=link("admin.orders.show", number=told.order.number))


def _disputed(about: str) -> Words | None:
    dispute = settlement.find_dispute(db.session, int(about))
    kinds = {
        "buyer": _("A buyer disputes an order"),
        "provider": _("A payment is disputed at its provider"),
        "distributor": _("A distributor misses commission"),
    }
    if dispute.closed_at is not None:
        return None
    waits = dispute.kind != "provider" and dispute.state == "open"
    said = [_("Please answer within 72 hours, or it is decided without you.")] if waits else []
    if dispute.wanted_fen:
        said.append(_("Asked back: ¥%(amount)s", amount=yuan(dispute.wanted_fen)))
    return Words(kinds[dispute.kind], tuple(said), link=link("admin.disputes.show", number=dispute.number))


def _released(about: str) -> Words:
    told = trade.relate(db.session, "commission.released", about)
    total_fen = sum(one.amount_fen for one in told.releases)
    return Words(
        _("Commission released: ¥%(amount)s", amount=yuan(total_fen)),
        (_("Order %(number)s", number=told.order_number),),
        link=link("admin.orders.show", number=told.order_number),
    )


def _paid_out(about: str) -> Words:
    payout = settlement.payout_by_id(db.session, int(about))
    title = _("Payout sent: ¥%(amount)s", amount=yuan(payout.amount_fen))
    return Words(title, link=link("admin.payouts.show", number=payout.number))


def _requested(about: str) -> Words | None:
    payout = settlement.payout_by_id(db.session, int(about))
    if payout.state != "requested":
        return None
    title = _("Somebody asks for a payout of ¥%(amount)s", amount=yuan(payout.amount_fen))
    return Words(title, link=link("admin.payouts.show", number=payout.number))


def _claimed(about: str) -> Words | None:
    claim = payments.claim_of_payment(db.session, int(about))
    if claim is None or claim.settled_at is not None:
        return None
    return Words(
        _("A buyer says: I have paid ¥%(amount)s", amount=yuan(claim.amount_fen)),
        (_("The reference ends in %(digits)s. Please look into your account.", digits=claim.digits),),
        link=link("admin.payment_claims.index"),
    )


def _unmatched(about: str) -> Words | None:
    stray = payments.find_stray_by_id(db.session, int(about))
    if stray is None or stray.state != "open":
        return None
    title = _("¥%(amount)s came that fit no order", amount=yuan(stray.amount_fen))
    return Words(title, (_("They wait in the payment inbox for you."),), link=link("admin.notices.index"))


def _alerted(about: str) -> Words | None:
    report = referral.find_report(db.session, int(about))
    if report is None or not report.alerts:
        return None
    sentences = {
        "tree": _(
            "A tree has %(people)s people on %(levels)s levels.", people=report.tree_people, levels=report.tree_levels
        ),
        "promoters": _("Less than half of what was sold went to people who never brought anybody."),
    }
    said = tuple(sentences[alert] for alert in report.alerts)
    return Words(_("The compliance report has an alert"), said, link=link("admin.reports.index"))


def _dead(about: str) -> Words | None:
    letter = outbox.find_letter(db.session, about)
    if letter is None or letter.state != "failed":
        return None
    said = _("What went wrong last: %(reason)s", reason=letter.reason)
    return Words(_("A message could not be sent"), (said,), link=link("admin.messages.index", state="failed"))


def _late(_about: str) -> Words:
    said = _("Look under Backups what keeps it, and make one by hand.")
    return Words(_("There was no good backup for more than a day"), (said,), link=link("admin.backups.index"))


def _low(about: str) -> Words | None:
    product_id, _colon, told_at = about.partition(":")
    row = catalog.find_product(db.session, int(product_id))
    # What was filled up since, and what is low again, is told of by another letter.
    if row is None or str(row.Sku.low_told_at) != told_at:
        return None
    left = db.session.scalar(select(stock.stock_count(Sku.__table__.c.id)).where(Sku.id == row.Sku.id))
    said = _("%(title)s: %(left)s codes are left.", title=row.Product.title, left=left)
    target = link("admin.card_imports.new", product_id=row.Product.id)
    return Words(_("Few codes are left: %(title)s", title=row.Product.title), (said,), link=target)


def _guessed(about: str) -> Words | None:
    entry = audit.find_entry(db.session, int(about))
    if entry is None:
        return None
    number = int(entry.subject.removeprefix("account:"))
    name = accounts.masked_contacts(db.session, [number]).get(number, "")
    said = _("Somebody tried wrong passwords until the shop stopped them.")
    if entry.act == "factor.refuse":
        said = _("Somebody knows the password, and tried wrong codes until the shop stopped them. Change the password.")
    return Words(
        _("Wrong log-ins of %(name)s", name=name), (said,), link=link("admin.entries.index", subject=entry.subject)
    )


WORDS = {
    "order.paid": _paid,
    "order.delivered": _delivered,
    "order.refunded": _refunded,
    "dispute.opened": _disputed,
    "commission.released": _released,
    "payout.paid": _paid_out,
    "payout.requested": _requested,
    "payment.claimed": _claimed,
    "payment.unmatched": _unmatched,
    "compliance.alert": _alerted,
    "message.failed": _dead,
    "stock.low": _low,
    "backup.late": _late,
    "login.failed": _guessed,
}
