"""A Checkout Session: the page at Stripe where a buyer pays once (https://docs.stripe.com/api/checkout/sessions)."""

import re
from typing import Any

from app.clock import DAY, MINUTE
from app.payments.gateways.gateway import Asked, GatewayUnreachable, QueryResult, Settings, Start, Wanted
from app.payments.gateways.stripe.account import is_live
from app.payments.gateways.stripe.call import Refused, call
from app.payments.gateways.stripe.told import METHOD
from app.payments.gateways.stripe.values import currency_of, fen_of, id_of, session_id, told_number

# Stripe lets a session live for 30 minutes at least and for a day at most; its clock may be a little ahead of ours.
LEAST_SECONDS = 31 * MINUTE
MOST_SECONDS = DAY - 5 * MINUTE
_WEB = re.compile(r"https?://[0-9A-Za-z._~:/?#\[\]@!$&()*+,;=%|{}^-]{1,1800}", re.ASCII)


def start_session(settings: Settings, wanted: Wanted) -> Start:
    """The page to pay at. Asked for once more it is the same page: nobody can pay one payment twice.

    Raises GatewayUnreachable.
    """
    if not currency_of(wanted.currency):
        raise GatewayUnreachable(f"amounts in {wanted.currency!a} cannot be told to it in hundredths")
    # The same form every time, or the key of the first request would not fit: so `now` only bounds the time.
    expires_at = min(wanted.expires_at + LEAST_SECONDS, wanted.now + MOST_SECONDS)
    name = f"订单 {wanted.payment_number}"
    form = {
        "mode": "payment",
        "client_reference_id": wanted.payment_number,
        "metadata[payment_number]": wanted.payment_number,
        "payment_intent_data[metadata][payment_number]": wanted.payment_number,
        "payment_intent_data[description]": name,
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": wanted.currency.lower(),
        "line_items[0][price_data][unit_amount]": str(wanted.amount_fen),
        "line_items[0][price_data][product_data][name]": name,
        # Else Stripe may ask the buyer for another currency, and tell of that one.
        "adaptive_pricing[enabled]": "false",
        "success_url": wanted.return_url,
        "cancel_url": wanted.return_url.removesuffix("/return"),
        "expires_at": str(expires_at),
    }
    try:
        answer = call(settings, "POST", "checkout/sessions", form, idempotency_key=wanted.payment_number)
    except Refused as no:
        raise GatewayUnreachable(f"it refuses: {no}") from None
    session, url = _checked(settings, answer, wanted.payment_number), answer.get("url")
    if not isinstance(url, str) or not _WEB.fullmatch(url):
        raise GatewayUnreachable("its answer holds no address to pay at")
    return Start(url, reference=session)


def query_session(settings: Settings, asked: Asked) -> QueryResult:
    """Whether the session of a payment was paid. Raises GatewayUnreachable.

    Without a reference the session's address never came to the shop, and no buyer was ever there: nobody can have paid.
    """
    if asked.reference is None:
        return QueryResult(paid=False)
    reference = session_id(asked.reference)
    if reference is None:
        raise GatewayUnreachable("what it is said to call this payment is no session")
    try:
        answer = call(settings, "GET", f"checkout/sessions/{reference}")
    except Refused as no:
        raise GatewayUnreachable(f"it refuses: {no}") from None
    if _checked(settings, answer, asked.payment_number) != reference:
        raise GatewayUnreachable("its answer is about another payment")
    if answer.get("payment_status") != "paid":
        return QueryResult(paid=False)
    trade_number, fen = id_of(answer.get("payment_intent")), fen_of(answer.get("amount_total"))
    currency = currency_of(answer.get("currency"))
    if trade_number is None or fen is None or not currency:
        raise GatewayUnreachable("its answer lacks what a paid payment has")
    return QueryResult(True, trade_number, fen, METHOD, currency)


def _checked(settings: Settings, answer: dict[str, Any], payment_number: str) -> str:
    """The id of the session that was answered, which has to be the payment's, in the mode of the key."""
    session = session_id(answer.get("id"))
    numbers = {told_number(answer, "payment_number"), answer.get("client_reference_id")}
    if answer.get("object") != "checkout.session" or session is None or numbers != {payment_number}:
        raise GatewayUnreachable("its answer is about another payment")
    if answer.get("livemode") is not is_live(settings):
        raise GatewayUnreachable("its answer is of the other mode")
    return session
