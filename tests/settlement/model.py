"""What everybody ought to have, computed a second time: plain arithmetic after distribution 1.5 to 1.13, no database, no code of
the shop's. `vague` names those of whom the rules leave open from which of their rows money was taken."""

from dataclasses import dataclass, field

DAY = 86400
HOLD_SECONDS = 7 * DAY
CLAWBACK_SECONDS = 180 * DAY
RATES = {1: 1000, 2: 500}


@dataclass
class Row:
    """What one person earns on one order. `matured` is what went to the payee and is neither frozen nor taken back."""

    payee: str
    bps: int
    gross: int
    net: int
    matured: int = 0
    frozen_held: int = 0
    frozen_matured: int = 0
    borne: int = 0
    cap: int | None = None
    # When some of it became available last.
    matured_at: int | None = None
    causes: set[str] = field(default_factory=set)
    # refund -> what the shop bore of it
    borne_by: dict[object, int] = field(default_factory=dict)

    @property
    def held(self) -> int:
        return self.net - self.matured - self.frozen_held - self.frozen_matured


@dataclass
class Order:
    base: int
    kind: str
    delivered_at: int
    validity_days: int = 0
    uses: int = 0
    used: int = 0
    activated_at: int | None = None
    refunded: int = 0
    rows: list[Row] = field(default_factory=list)
    causes: set[str] = field(default_factory=set)
    accrued: bool = False

    @property
    def mature_at(self) -> int:
        if self.kind != "first_use":
            return self.delivered_at + HOLD_SECONDS
        if self.activated_at is not None:
            return self.activated_at + HOLD_SECONDS
        return self.expires_at

    @property
    def expires_at(self) -> int:
        start = self.delivered_at if self.activated_at is None else self.activated_at
        return start + self.validity_days * DAY

    def target(self, row: Row, now: int) -> int:
        """1.10: the one formula."""
        if now < self.mature_at:
            return 0
        part, whole = 1, 1
        if self.kind == "validity":
            part, whole = min((now - self.delivered_at) // DAY, self.validity_days), self.validity_days
        if self.kind == "use_count" and now < self.expires_at:
            part, whole = min(self.used, self.uses), self.uses
        return min(row.net, row.gross * part // whole)


class Books:
    """Orders by id, and what each payee has beside the rows."""

    def __init__(self, payees) -> None:
        self.orders: dict[int, Order] = {}
        self.available = dict.fromkeys(payees, 0)
        self.debt = dict.fromkeys(payees, 0)
        self.pending = dict.fromkeys(payees, 0)
        self.paid_out = dict.fromkeys(payees, 0)
        self.vague: set[str] = set()

    def rows_of(self, payee):
        return [(order, row) for order in self.orders.values() for row in order.rows if row.payee == payee]

    def figures(self, payee):
        rows = [row for _, row in self.rows_of(payee)]
        held, frozen = sum(row.held for row in rows), sum(row.frozen_held + row.frozen_matured for row in rows)
        return held, self.available[payee], frozen, self.pending[payee], self.debt[payee], self.paid_out[payee]

    def credit(self, payee, fen) -> None:
        """1.11: any later credit pays a debt first."""
        paid = min(fen, self.debt[payee])
        self.debt[payee] -= paid
        self.available[payee] += fen - paid

    def accrue(self, order_id, payees, suspended) -> None:
        """1.5 to 1.8: `payees` by level. What a suspended payee earns is frozen, and so is what a disputed order earns."""
        order = self.orders[order_id]
        order.accrued = True
        for level, payee in sorted(payees.items()):
            gross = order.base * RATES[level] // 10000
            if gross:
                row = Row(payee, RATES[level], gross, gross)
                order.rows.append(row)
                if payee in suspended:
                    self._freeze(row, f"suspension:{payee}")
                self._take(order, row, row.net - self._left(order, row), None, 0)
                for cause in order.causes:
                    self._freeze(row, cause)

    @staticmethod
    def _left(order, row) -> int:
        left = (order.base - order.refunded) * row.bps // 10000
        return (left if row.cap is None else min(left, row.cap)) + row.borne

    def release(self, order_ids, now) -> None:
        """1.10: what is earned by now, on rows that nothing freezes."""
        for order_id in order_ids:
            order = self.orders[order_id]
            for row in order.rows:
                if not row.causes and not order.causes:
                    fen = max(0, order.target(row, now) - row.matured)
                    row.matured += fen
                    row.matured_at = now if fen else row.matured_at
                    self.credit(row.payee, fen)

    def release_person(self, payee, now) -> None:
        due = [
            order_id
            for order_id, order in self.orders.items()
            if now >= order.mature_at and any(row.payee == payee and row.held and not row.causes for row in order.rows)
        ]
        self.release(due, now)

    def refund(self, refund, order_id, fen, now) -> None:
        """1.11: by cumulative target."""
        order = self.orders[order_id]
        order.refunded += fen
        for row in order.rows:
            self._take(order, row, row.net - self._left(order, row), refund, now)

    def _take(self, order, row, fen, refund, now) -> None:
        """1.11: frozen and unmatured, held, frozen and matured, then what the payee has, then a debt."""
        held, left = row.held, fen
        part = min(left, row.frozen_held)
        row.frozen_held -= part
        left -= part
        left -= min(left, held)
        part = min(left, row.frozen_matured)
        row.frozen_matured -= part
        left -= part
        if left and now > (row.matured_at or order.mature_at) + CLAWBACK_SECONDS:
            row.borne += left
            row.borne_by[refund] = left
            fen -= left
            left = 0
        row.matured -= left
        row.net -= fen
        part = min(left, self.available[row.payee])
        self.available[row.payee] -= part
        self.debt[row.payee] += left - part

    def take_whole(self, order_id, payee, now) -> None:
        """1.3.14: fraud; nothing stays of one person's share, or of all."""
        order = self.orders[order_id]
        for row in order.rows:
            if payee in (None, row.payee):
                row.cap = 0
                self._take(order, row, row.net - row.borne, None, now)

    def fail(self, refund, order_id, fen, now) -> None:
        """1.11: a refund that failed is undone; what is earned by now goes to the payee at once."""
        order = self.orders[order_id]
        order.refunded -= fen
        for row in order.rows:
            row.borne -= row.borne_by.pop(refund, 0)
            back = self._left(order, row) - row.net
            if back < 0:
                self.vague.add(row.payee)
                continue
            row.net += back
            if row.causes:
                row.frozen_held += back
        self.release([order_id], now)

    def freeze_order(self, order_id, cause) -> None:
        """1.12: all that is not matured, and what is matured up to what the payee has."""
        order = self.orders[order_id]
        if cause not in order.causes:
            order.causes.add(cause)
            for row in order.rows:
                self._freeze(row, cause)

    def flag(self, order_id, payee, cause) -> None:
        """1.3.10: the whole order waits, or one person's share of it."""
        if payee is None:
            self.freeze_order(order_id, cause)
        else:
            for row in self.orders[order_id].rows:
                if row.payee == payee:
                    self._freeze(row, cause)

    def _freeze(self, row, cause) -> None:
        row.causes.add(cause)
        if len(row.causes) == 1:
            row.frozen_held += row.held
            part = min(row.matured, self.available[row.payee])
            row.matured -= part
            row.frozen_matured += part
            self.available[row.payee] -= part

    def freeze_person(self, payee, cause) -> None:
        """1.3.14, 1.3.15: everything. Which matured rows stand for what is left of the money is nobody's business here."""
        available = self.available[payee]
        rows = [row for _, row in self.rows_of(payee) if row.net > row.matured or (row.matured and available)]
        if available not in (0, sum(row.matured for row in rows)):
            self.vague.add(payee)
        for row in rows:
            self._freeze(row, cause)

    def unfreeze(self, cause, now) -> None:
        """1.12: back to where it came from; what is past its hold matures at once."""
        touched = []
        for order_id, order in self.orders.items():
            if cause in order.causes:
                order.causes.remove(cause)
                touched.append(order_id)
            for row in order.rows:
                if cause in row.causes:
                    row.causes.remove(cause)
                    if not row.causes:
                        touched.append(order_id)
                        row.matured += row.frozen_matured
                        self.credit(row.payee, row.frozen_matured)
                        row.frozen_held = row.frozen_matured = 0
        self.release(touched, now)

    def request(self, payee, fen) -> None:
        """1.13: it leaves what is available at once."""
        self.available[payee] -= fen
        self.pending[payee] += fen

    def settle(self, payee, fen, state) -> None:
        """1.13: what is not sent, or comes back, pays a debt first."""
        if state in ("cancelled", "rejected"):
            self.pending[payee] -= fen
            self.credit(payee, fen)
        elif state == "paid":
            self.pending[payee] -= fen
            self.paid_out[payee] += fen
        elif state == "returned":
            self.paid_out[payee] -= fen
            self.credit(payee, fen)
