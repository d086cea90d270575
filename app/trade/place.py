"""To place an order: check, fix the price, reserve the codes, note who brought the buyer, and open a payment."""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import Connection

from app import catalog, orders, payments, referral, stock, vault
from app.accounts import Contact
from app.errors import N_, Refusal
from app.money import share, yuan
from app.shop import Settings
from app.trade.discount import own_discount_bps
from app.trade.expire import expire


@dataclass(frozen=True)
class Wish:
    """What the buyer asks for. `key` marks one sending of one form.

    `seen_price_fen` and `seen_discount_bps` are the unit price and the discount on own purchases that the page showed.
    """

    sku_code: str
    quantity: int
    contact: Contact
    channel_slug: str
    method: str | None = None
    key: str | None = None
    seen_price_fen: int | None = None
    seen_discount_bps: int | None = None
    # What the form asked beside the contact, checked, and the terms that were accepted with it.
    answers: tuple[tuple[str, str], ...] = ()
    terms_version: str | None = None


@dataclass(frozen=True)
class Visitor:
    """Who asks: the account if logged in, and what the browser carries."""

    address: str
    account_id: int | None = None
    device_hash: bytes | None = None
    invite_cookie: str | None = None
    trace: referral.Trace | None = None
    locale: str = "zh_CN"


@dataclass(frozen=True)
class Placed:
    """The order that was placed, or (`repeated`) the one that the same form placed before."""

    number: str
    secret: str
    payment_number: str | None
    repeated: bool = False


def place(tx: Connection, wish: Wish, visitor: Visitor, settings: Settings, now: int) -> Placed:
    """Place an order; all or nothing. Raises a Refusal with the field that it belongs to."""
    request_hash = _hash(wish)
    known = orders.find_by_key(tx, wish.key, request_hash)
    if known:
        return Placed(*known, payment_number=None, repeated=True)
    channel = payments.channel_by_slug(tx, wish.channel_slug)
    if channel is None or not payments.offered(channel, wish.method, live=settings.is_live):
        raise Refusal(N_("This way to pay is not available now. Please choose another."), field="gateway")
    if channel.gateway.name == "balance" and visitor.account_id is None:
        raise Refusal(N_("Please log in to pay from your balance."), field="gateway")
    offer = _offer(tx, wish, settings.most_per_order)
    goods_fen = offer.price_fen * wish.quantity
    discount_fen = share(goods_fen, _discount_bps(tx, offer, wish, visitor, settings))
    address_index = vault.blind("address", visitor.address)
    # Stock of orders whose time is up is free even while the worker sleeps.
    expire(tx, now)
    orders.refuse_if_too_many(
        tx,
        wish.contact.index,
        address_index,
        per_contact=settings.unpaid_per_contact,
        per_address=settings.unpaid_per_address,
    )
    new = orders.NewOrder(
        contact=wish.contact.value,
        contact_index=wish.contact.index,
        person_index=wish.contact.person_index,
        address_index=address_index,
        device_hash=visitor.device_hash,
        account_id=visitor.account_id,
        idempotency_key=wish.key,
        request_hash=request_hash,
        currency=settings.currency,
        goods_fen=goods_fen,
        discount_fen=discount_fen,
        locale=visitor.locale,
        answers=wish.answers,
        terms_version=wish.terms_version,
    )
    order_id, number, secret = orders.open_order(tx, new, minutes=settings.order_minutes, now=now)
    costs_fen = stock.reserve(tx, offer.sku_id, wish.quantity, order_id)
    if not costs_fen:
        raise stock.SoldOut(N_("Sold out: there are not enough left of this. Nothing was charged."), field="quantity")
    orders.add_line(
        tx,
        order_id,
        sku_id=offer.sku_id,
        product_id=offer.product_id,
        title=offer.title,
        sku_name=offer.sku_name,
        quantity=wish.quantity,
        unit_price_fen=offer.price_fen,
        discount_fen=discount_fen,
        cost_fen=stock.unit_cost_fen(costs_fen, offer.cost_fen),
    )
    _note_inviter(tx, order_id, wish.contact, visitor, settings, now)
    amount_fen, matched_fen = payments.payable(tx, channel, goods_fen - discount_fen, now)
    payment_number = payments.open_payment(
        tx,
        order_id,
        channel_id=channel.id,
        method=wish.method or channel.methods[0],
        amount_fen=amount_fen,
        matched_fen=matched_fen,
        currency=settings.currency,
        now=now,
    )
    return Placed(number, secret, payment_number)


def _hash(wish: Wish) -> bytes:
    content = [wish.sku_code, wish.quantity, wish.contact.value, wish.channel_slug, wish.method, *wish.answers]
    return hashlib.sha256(json.dumps(content).encode()).digest()


def _offer(tx: Connection, wish: Wish, most: int) -> catalog.Offer:
    offer = catalog.find_offer(tx, wish.sku_code)
    if wish.seen_price_fen is not None and wish.seen_price_fen != offer.price_fen:
        raise Refusal(
            N_("The price is now ¥%(price)s. Please look at it once more before you order."),
            field="quantity",
            price=yuan(offer.price_fen),
        )
    most = min(most, offer.max_quantity)
    if not offer.min_quantity <= wish.quantity <= most:
        raise Refusal(
            N_("One order holds %(least)s to %(most)s of this."),
            field="quantity",
            least=offer.min_quantity,
            most=most,
        )
    return offer


def _discount_bps(tx: Connection, offer: catalog.Offer, wish: Wish, visitor: Visitor, settings: Settings) -> int:
    commissionable = catalog.terms_of(tx, offer.product_id).commissionable
    discount_bps = own_discount_bps(tx, visitor.account_id, settings, commissionable=commissionable)
    # More off than the page said is no harm; nobody shall pay more than they saw.
    if wish.seen_discount_bps is not None and wish.seen_discount_bps > discount_bps:
        raise Refusal(
            N_("Your discount has changed: the price is now ¥%(price)s. Please look at it once more before you order."),
            field="quantity",
            price=yuan(offer.price_fen - share(offer.price_fen, discount_bps)),
        )
    return discount_bps


def _note_inviter(
    tx: Connection, order_id: int, contact: Contact, visitor: Visitor, settings: Settings, now: int
) -> None:
    invite = referral.read_invite(tx, visitor.invite_cookie, cookie_days=settings.cookie_days, now=now)
    if invite is None:
        referral.snapshot(tx, order_id, candidate_id=None, click_id=None, refusal=None, trace=visitor.trace)
        return
    refusal = referral.same_person(
        tx,
        invite.node_id,
        account_id=visitor.account_id,
        contact_index=contact.index,
        person_index=contact.person_index,
        device_hash=visitor.device_hash,
    )
    referral.snapshot(
        tx,
        order_id,
        candidate_id=invite.node_id,
        click_id=invite.click_id,
        refusal=refusal,
        trace=visitor.trace,
    )
