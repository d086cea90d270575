"""What may be told of a contact without telling it: the domain of its mailbox."""

from sqlalchemy import Connection, select, update

from app import vault
from app.db import table
from app.orders.order import Order

_orders = table(Order)


def mail_domain(connection: Connection, order_id: int) -> str | None:
    """The domain of the e-mail address that an order was placed with; None for a phone, or when it was destroyed since."""
    found = select(_orders.c.number, _orders.c.contact_sealed).where(_orders.c.id == order_id)
    row = connection.execute(found).one()
    if not row.contact_sealed:
        return None
    _, at, domain = vault.open_sealed(row.contact_sealed, f"orders:{row.number}:contact").partition("@")
    return domain if at else None


def forget_devices(tx: Connection, account_id: int) -> None:
    """Forget in which browsers an account bought. The orders themselves are kept as long as the law says."""
    tx.execute(update(_orders).where(_orders.c.account_id == account_id).values(device_hash=None))
