"""What a history plays on: the shop's acts on one side, the model beside them, and what both know of orders and people."""

from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from app import ledger, orders
from tests.settlement.model import Books, Order
from tests.settlement.world import GOODS, MEMBERS, World

KINDS = ("held", "available", "frozen", "pending", "debt", "paid out")


class Scene(RuleBasedStateMachine):
    """One life of a shop, before anything may happen in it. A subclass sets `world`."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.world.open()
        self.model = Books(MEMBERS)
        self.parents: dict[str, str | None] = dict(MEMBERS)
        self.states = dict.fromkeys(MEMBERS, "qualified")
        self.paid_before: set[str] = set()
        self.unpaid: list[dict[str, Any]] = []
        self.paid: list[dict[str, Any]] = []
        self.put_off: list[dict[str, Any]] = []
        self.refunds: dict[int, str] = {}
        self.disputes: dict[int, bool] = {}
        self.flags: dict[int, bool] = {}
        self.payouts: dict[str, str] = {}
        for order in self.world.sales:
            self.paid.append(order)
            self.delivered(order, self.world.start)
            self.accrued(order)

    def teardown(self) -> None:
        self.world.close()

    @property
    def now(self):
        return self.world.now

    def act(self, function, *args, **values):
        return self.world.act(function, *args, **values)

    # What the model is told

    def delivered(self, order, at) -> None:
        """An order was paid, and its goods were handed over."""
        price_fen, nature = GOODS[order["slug"]]
        known = Order(order["total_fen"], nature.get("vesting", "instant"), at, nature.get("validity_days", 0))
        known.uses = nature.get("uses", 0) * order["quantity"]
        self.model.orders[order["id"]] = known

    def accrued(self, order) -> None:
        """Its commission is computed: 1.3.5 and 1.3.14 decide to whom it goes."""
        buyer, via = order["buyer"], order["via"]
        if self.parents.get(buyer) is None and via and buyer not in self.paid_before:
            self.parents[buyer] = via if self.states[via] == "qualified" else None
        self.paid_before.add(buyer)
        payees = {1: self.parents.get(buyer)}
        payees[2] = self.parents.get(payees[1]) if payees[1] else None
        payees = {level: payee for level, payee in payees.items() if payee}
        if order["slug"] == "lost":
            self.model.vague |= set(payees.values())
        suspended = {payee for payee, state in self.states.items() if state == "suspended"}
        self.model.accrue(order["id"], payees, suspended)

    def catch_up(self) -> None:
        """Tell the model what the acts decided by themselves: refunds, their ends, flags and disputes."""
        for row in self.world.rows("SELECT id, order_id, amount_fen, state FROM refund ORDER BY id"):
            before = self.refunds.get(row.id)
            if before is None:
                self.model.refund(row.id, row.order_id, row.amount_fen, self.now)
            if row.state == "failed" != before:
                self.model.fail(row.id, row.order_id, row.amount_fen, self.now)
            self.refunds[row.id] = row.state
        for row in self.world.rows("SELECT id, order_id, payee_id FROM flag ORDER BY id"):
            if row.id not in self.flags:
                self.flags[row.id] = True
                self.model.flag(row.order_id, self.world.names.get(row.payee_id), f"flag:{row.id}")
        for row in self.world.rows("SELECT * FROM dispute ORDER BY id"):
            cause, is_open = f"dispute:{row.id}", row.closed_at is None
            if row.id not in self.disputes and row.order_id is not None:
                self.model.freeze_order(row.order_id, cause)
            if self.disputes.get(row.id, True) and not is_open:
                if row.state == "final" and row.decision == "adjust":
                    self.model.credit(self.world.names[row.node_id], row.decision_fen)
                self.model.unfreeze(cause, self.now)
            self.disputes[row.id] = is_open
        for row in self.world.rows("SELECT number, account_id, amount_fen, state FROM payout ORDER BY id"):
            if row.number not in self.payouts:
                self.model.request(self.world.owners[row.account_id], row.amount_fen)
            elif self.payouts[row.number] != row.state:
                self.model.settle(self.world.owners[row.account_id], row.amount_fen, row.state)
            self.payouts[row.number] = row.state

    def work(self) -> None:
        """The worker comes by."""
        self.world.work()
        left = {row.order_id for row in self.world.rows("SELECT order_id FROM accrual_pending")}
        for order in [order for order in self.put_off if order["id"] not in left]:
            self.put_off.remove(order)
            self.accrued(order)
        self.catch_up()
        self.model.release(self.model.orders, self.now)

    # What has to hold

    @invariant()
    def the_books_hold(self):
        broken = [finding for finding in ledger.check_books(self.world.straight) if not finding.holds]
        assert not broken, broken
        assert orders.broken_figures(self.world.straight) == 0
        owed = "SELECT coalesce(-sum(amount_fen), 0) AS fen FROM balance WHERE account LIKE 'liab:held:%' OR account LIKE 'liab:avail:%' "
        owed += "OR account LIKE 'liab:frozen:%' OR account LIKE 'liab:payout_pending:%' OR account LIKE 'asset:clawback_due:%'"
        assert ledger.owed_fen(self.world.straight) == self.world.rows(owed)[0].fen

    @invariant()
    def no_fault_is_hidden(self):
        """A fault of the network never keeps a buyer from the goods; here none may happen but the one that is made."""
        pending = {row.order_id for row in self.world.rows("SELECT order_id FROM accrual_pending")}
        assert pending == {order["id"] for order in self.put_off}

    @invariant()
    def everybody_has_what_the_rules_give(self):
        for name in MEMBERS:
            if name not in self.model.vague:
                wallet = ledger.read_wallet(self.world.tx, [self.world.nodes[name].pid])
                has = wallet.held_fen, wallet.available_fen, wallet.frozen_fen
                has += wallet.pending_fen, wallet.debt_fen, wallet.paid_out_fen
                due = self.model.figures(name)
                assert has == due, f"{name}: {KINDS} are {has}, not {due}"

    def check(self) -> None:
        """Everything that has to hold."""
        self.the_books_hold()
        self.no_fault_is_hidden()
        self.everybody_has_what_the_rules_give()
