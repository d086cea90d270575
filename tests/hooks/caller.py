"""Whoever calls back: good notices signed by epay-sdk, changed ones, and what the shop makes of them."""

import hashlib
from urllib.parse import urlencode

from app import trade
from app.db import db, transaction
from tests.payments.notices import FORM, SDK

NOTHING = {"paid": 0, "settled": 0, "sold": 0, "booked": 0}
ONE = {"paid": 1, "settled": 1, "sold": 1, "booked": 1}


class Caller:
    """Somebody at the callback address."""

    def __init__(self, app, shop):
        self.app, self.shop = app, shop
        self.client = app.test_client()
        self.address = "198.51.100.7"

    def fields(self, placed, **changes):
        """The fields of a good notice about the order, unsigned; a change to None leaves one out."""
        known = {"pid": "1001", "trade_no": "T00000001", "out_trade_no": placed.payment_number, "type": "alipay"}
        known |= {
            "name": f"订单 {placed.payment_number}",
            "money": self.shop.total(placed),
            "trade_status": "TRADE_SUCCESS",
        }
        return {name: value for name, value in (known | changes).items() if value is not None}

    def signed(self, placed, **changes):
        values = self.fields(placed, **changes)
        return values | {"sign": SDK.sign(values), "sign_type": "MD5"}

    def signed_by(self, key, placed):
        values = self.fields(placed)
        text = "&".join(f"{name}={values[name]}" for name in sorted(values)) + key
        return values | {"sign": hashlib.md5(text.encode()).hexdigest(), "sign_type": "MD5"}

    def expire(self, placed):
        """Let the order's time pass."""
        at = self.shop.count("SELECT expires_at FROM orders WHERE number = :number", number=placed.number)
        assert transaction(trade.expire, at) == 1

    def send(self, values, *, slug="epay", method="GET", **options):
        """What the shop answers: (status, text)."""
        text = values if isinstance(values, str | bytes) else urlencode(values)
        sent = {"query_string": text} if method == "GET" else {"data": text, "content_type": FORM}
        answer = self.client.open(
            f"/hooks/payments/{slug}", method=method, environ_base={"REMOTE_ADDR": self.address}, **(sent | options)
        )
        assert "Set-Cookie" not in answer.headers
        return answer.status_code, answer.text

    def kept(self):
        """(verdict, source, method) of every notice in the inbox."""
        rows = db.session.execute(db.text("SELECT verdict, source, method FROM notice ORDER BY id")).all()
        db.session.rollback()
        return [tuple(row) for row in rows]

    def verdicts(self):
        return [row[0] for row in self.kept()]

    def effects(self):
        """Everything that a payment changes."""
        return {
            name: self.shop.count(f"SELECT count(*) FROM {query}")
            for name, query in {
                "paid": "orders WHERE state = 'paid'",
                "settled": "payment WHERE state = 'paid'",
                "sold": "card WHERE state = 'sold'",
                # What no order took is held by the books, and changes nothing for anybody.
                "booked": "journal WHERE kind NOT LIKE 'unclaimed%'",
            }.items()
        }
