"""Who may open an order: whoever shows its secret, and the account that it belongs to. Lookup is authorisation."""

import hmac
from collections.abc import Mapping

from sqlalchemy import select

from app import vault
from app.db import Session
from app.orders.order import Order


def find_opened(session: Session, number: str, *, secret: str | None, account_id: int | None) -> Order | None:
    """The order, if the visitor shows its secret or is the account that it belongs to; else None, whatever the reason."""
    order = session.scalar(select(Order).where(Order.number == number))
    expected = order.secret if order else vault.token(24)
    shown = hmac.compare_digest(vault.digest(secret or ""), vault.digest(expected))
    owned = order is not None and account_id is not None and order.account_id == account_id
    return order if shown or owned else None


def list_opened(session: Session, secrets: Mapping[str, str], *, account_id: int | None, limit: int) -> list[Order]:
    """The latest orders that the visitor may open: those whose secrets the browser holds, and the account's own."""
    shown = list(session.scalars(select(Order).where(Order.number.in_(list(secrets)))))
    found = {order.id: order for order in shown if hmac.compare_digest(order.secret, secrets[order.number])}
    if account_id is not None:
        own = select(Order).where(Order.account_id == account_id).order_by(Order.id.desc()).limit(limit)
        found |= {order.id: order for order in session.scalars(own)}
    return [found[order_id] for order_id in sorted(found, reverse=True)][:limit]
