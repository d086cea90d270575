"""A parcel: what the buyer of a delivered order can read, copy and download."""

from dataclasses import dataclass

from app import stock
from app.db import Session
from app.orders import Order


@dataclass(frozen=True)
class Parcel:
    """The codes of an order, in clear. It exists only for somebody who may open the order."""

    codes: tuple[str, ...]
    # What was handed over first, did not work, and was replaced.
    faulty: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.codes)


def open_parcel(session: Session, order: Order) -> Parcel | None:
    """The parcel of a delivered order, or None while there is nothing to read."""
    if order.delivered_at is None:
        return None
    faulty = stock.faulty_codes_of_order(session, order.id)
    return Parcel(tuple(stock.codes_of_order(session, order.id)), tuple(faulty))
