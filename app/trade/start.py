"""To start a payment at its gateway: outside of any transaction, because a provider may take its time."""

from app import payments
from app.db import transaction
from app.payments import Account


def start(
    channel: Account, payment: payments.Payment, *, order_number: str, public_url: str, device: str, client_address: str
) -> None:
    """Ask the gateway where the buyer pays, and keep its answer with the payment. `device` is 'pc' or 'mobile'."""
    begun = channel.gateway.start(
        channel.settings,
        payment_number=payment.number,
        amount_fen=payment.amount_fen,
        method=payment.method,
        notify_url=f"{public_url}/hooks/payments/{channel.slug}",
        return_url=f"{public_url}/orders/{order_number}/payment/return",
        device=device,
        client_address=client_address,
    )
    transaction(
        payments.note_start, payment.number, pay_url=begun.url, qr_text=begun.qr_text, scheme_url=begun.scheme_url
    )
