"""What a buyer is told by mail: the receipt, the goods, a code that was replaced, money that came back."""

from flask_babel import gettext as _

from app import delivery, orders, trade
from app.db import AnyRow, db
from app.display import moment, settings
from app.money import yuan
from app.orders import Order
from app.outbox import REPLACED
from app.wording.words import Words, link

# A mail of thousands of codes is refused on the way; the order's page has them all.
MOST_CODES = 100


def order_of(letter: AnyRow) -> Order | None:
    """The order whose buyer is written to; None where the contact was destroyed since."""
    order_id = trade.order_of(db.session, letter.event, letter.about)
    order = orders.orders_by_id(db.session, [order_id])[order_id]
    return order if order.contact_sealed else None


def word(letter: AnyRow, order: Order) -> Words | None:
    """The words for the buyer of an order; None when there is nothing to tell any more."""
    if letter.event == "order.refunded":
        return _refunded(letter.about, order)
    if letter.event == "order.paid":
        return _receipt(order) if order.delivered_at is None else None
    return _goods(order, is_new=letter.event == REPLACED)


def _address(order: Order) -> str:
    return link("storefront.orders.show", number=order.number, key=order.secret)


def _facts(order: Order) -> tuple[tuple[str, str], ...]:
    bought = [
        (f"{line.title} {line.sku_name}".strip(), f"× {line.quantity}   ¥{yuan(line.base_fen)}")
        for line in orders.lines_of_order(db.session, order.id)
    ]
    paid = [(_("Total"), f"¥{yuan(order.total_fen)}"), (_("Order"), order.number)]
    return (*bought, *paid, *([(_("Paid"), moment(order.paid_at))] if order.paid_at else []))


def _ending() -> str:
    support = settings().support_contact
    kept = _("Keep this mail: whoever has its link can open the order.")
    return kept + (" " + _("Questions? %(contact)s", contact=support) if support else "")


def _receipt(order: Order) -> Words:
    said = _("Your payment is here. The goods are not handed over yet; the shop sees to it, and you get another mail.")
    return Words(
        _("Receipt: ¥%(amount)s", amount=yuan(order.total_fen)),
        (said,),
        _facts(order),
        link=_address(order),
        action=_("Open the order"),
        small=_ending(),
    )


def _goods(order: Order, *, is_new: bool) -> Words | None:
    parcel = delivery.open_parcel(db.session, order)
    if parcel is None or (not any(orders.refundable(db.session, order.id).values()) and order.total_fen):
        return None
    title = _("Your goods: %(title)s", title=orders.lines_of_order(db.session, order.id)[0].title)
    said = _("Thank you for your purchase. Here it is:")
    if is_new:
        title = _("A new code for your order %(number)s", number=order.number)
        said = _("A code of your order did not work and was replaced. These are valid:")
    codes = parcel.codes[:MOST_CODES]
    if len(parcel.codes) > MOST_CODES:
        said += " " + _("These are the first %(count)s; the order’s page has all of them.", count=MOST_CODES)
    return Words(
        title, (said,), _facts(order), codes, link=_address(order), action=_("Open the order"), small=_ending()
    )


def _refunded(about: str, order: Order) -> Words:
    refund = orders.find_refund(db.session, int(about))
    return Words(
        _("Refunded: ¥%(amount)s", amount=yuan(refund.amount_fen)),
        (_("The money is on its way back to where it came from; providers take up to a few days."),),
        ((_("Order"), order.number), (_("Refund"), refund.number)),
        link=_address(order),
        action=_("Open the order"),
        small=_ending(),
    )
