"""To start a payment at its gateway: outside of any transaction, because a provider may take its time."""

from typing import Any

from app import payments
from app.db import transaction
from app.payments import Account, Inside, Wanted


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
    told: dict[str, Any] = {
        "order_number": order_number,
        "expires_at": expires_at,
        "public_url": public_url,
        "now": now,
    }
    wanted = _wanted(channel, payment, **told, device=device, client_address=client_address)
    transaction(payments.note_start, payment.number, channel.gateway.start(channel.settings, wanted))


def start_inside(
    channel: Account,
    payment: payments.Payment,
    code: str,
    *,
    order_number: str,
    expires_at: int,
    public_url: str,
    client_address: str,
    now: int,
) -> dict[str, str]:
    """What WeChat's browser is given to open the payment, for the buyer whom `code` names. Raises GatewayUnreachable."""
    assert isinstance(channel.gateway, Inside)
    told: dict[str, Any] = {
        "order_number": order_number,
        "expires_at": expires_at,
        "public_url": public_url,
        "now": now,
    }
    wanted = _wanted(channel, payment, **told, device="wechat", client_address=client_address)
    return channel.gateway.start_inside(channel.settings, wanted, code)


def _wanted(
    channel: Account,
    payment: payments.Payment,
    *,
    order_number: str,
    expires_at: int,
    public_url: str,
    device: str,
    client_address: str,
    now: int,
) -> Wanted:
    page = f"{public_url}/orders/{order_number}/payment"
    return Wanted(
        payment_number=payment.number,
        amount_fen=payment.amount_fen,
        currency=payment.currency,
        method=payment.method,
        notify_url=f"{public_url}/hooks/payments/{channel.slug}",
        return_url=f"{page}/return",
        device=device,
        client_address=client_address,
        expires_at=expires_at,
        now=now,
        inside_url=f"{page}/inside",
    )
