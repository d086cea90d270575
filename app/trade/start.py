"""To start a payment at its gateway: outside of any transaction, because a provider may take its time."""

from app import payments
from app.db import transaction
from app.payments import Account, Wanted


def start(
    channel: Account,
    payment: payments.Payment,
    *,
    order_number: str,
    expires_at: int,
    public_url: str,
    device: str,
    client_address: str,
    now: int,
) -> None:
    """Ask the gateway where the buyer pays, and keep its answer with the payment. `device` is 'pc', 'mobile' or 'wechat'.

    Raises GatewayUnreachable when the provider gave none.
    """
    wanted = Wanted(
        payment_number=payment.number,
        amount_fen=payment.amount_fen,
        currency=payment.currency,
        method=payment.method,
        notify_url=f"{public_url}/hooks/payments/{channel.slug}",
        return_url=f"{public_url}/orders/{order_number}/payment/return",
        device=device,
        client_address=client_address,
        expires_at=expires_at,
        now=now,
    )
    transaction(payments.note_start, payment.number, channel.gateway.start(channel.settings, wanted))
