"""What may be told of a contact without telling it: the domain of its mailbox."""

from sqlalchemy import Connection, update

from app import vault
from app.db import table
from app.orders.order import Order
from app.statement import Statement

_orders = table(Order)
_CONTACT = Statement("SELECT number, contact_sealed FROM orders WHERE id = :order_id")


def mail_domain(connection: Connection, order_id: int) -> str | None:
    """The domain of the e-mail address that an order was placed with; None for a phone, or when it was destroyed since."""
    row = _CONTACT.run(connection, {"order_id": order_id}).one()
    if not row.contact_sealed:
        return None
    _, at, domain = vault.open_sealed(row.contact_sealed, f"orders:{row.number}:contact").partition("@")
    return domain if at else None


def forget_devices(tx: Connection, account_id: int) -> None:
    """Forget in which browsers an account bought. The orders themselves are kept as long as the law says."""
    tx.execute(update(_orders).where(_orders.c.account_id == account_id).values(device_hash=None))
