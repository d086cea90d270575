"""How many unpaid orders one buyer may have: a few, so that nobody can lock the stock."""

from sqlalchemy import Connection, text

from app.db import take_turns
from app.errors import N_, Refusal


class TooManyUnpaid(Refusal):
    """The contact or the address has as many unpaid orders as it may."""

    status = 429


_UNPAID = {
    column: text(
        f"SELECT count(*) FROM (SELECT 1 FROM orders WHERE state = 'pending' AND {column} = :value LIMIT :most) AS few"
    )
    for column in ("contact_index", "address_index")
}


def refuse_if_too_many(
    tx: Connection, contact_index: bytes, address_index: bytes, *, per_contact: int, per_address: int
) -> None:
    """Raise TooManyUnpaid when the contact or the address has its fill of unpaid orders: one buyer cannot lock the stock."""
    for column, value, most in (
        ("contact_index", contact_index, per_contact),
        ("address_index", address_index, per_address),
    ):
        # A hundred at once must not all find the same few.
        take_turns(tx, f"{column}:{value.hex()}")
        if tx.execute(_UNPAID[column], {"value": value, "most": most}).scalar_one() >= most:
            raise TooManyUnpaid(
                N_(
                    "There are %(most)s unpaid orders of this contact or network. Please pay one of them, or wait until they expire."
                ),
                field="contact",
                most=most,
            )
