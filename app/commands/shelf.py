"""What the worker does for the shelf: it takes in large imports, and tells when few codes are left."""

import time

from app import clock, stock, trade
from app.db import transaction

PAUSE_SECONDS = 0.01


def imports() -> None:
    """Take in what large imports of codes put down."""
    while transaction(stock.take_chunk, clock.now()):
        # Or the next chunk would be at the database's door before whoever buys meanwhile.
        time.sleep(PAUSE_SECONDS)


def tell_low_stock() -> None:
    """Tell the merchant, once, of each product that has few codes left."""
    transaction(trade.tell_low_stock, clock.now())
