"""What the worker does for the shelf: it takes in large imports, and tells when few codes are left."""

from app import clock, stock, trade
from app.db import transaction


def imports() -> None:
    """Take in what large imports of codes put down."""
    while transaction(stock.take_chunk, clock.now()):
        pass


def tell_low_stock() -> None:
    """Tell the merchant, once, of each product that has few codes left."""
    transaction(trade.tell_low_stock, clock.now())
