"""The rules of a history: what can happen in a shop, in any order. The books and the model are looked at after each step."""

import sys
from contextlib import ExitStack
from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from app import ledger, referral, settlement, trade
from app.clock import DAY, MINUTE
from tests.settlement.scene import Scene
from tests.settlement.world import GOODS, GUESTS, MEMBERS, REFUSED, STAFF_ID

# The newest thing is touched most often.
PICKS = st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3])
STEPS = st.integers(0, 3)
FAULTS = st.sampled_from([False, False, True])
NAMES = st.sampled_from(list(MEMBERS))
GUEST_BUYERS = st.sampled_from(["clara", "dan", "emma"])
BUYERS = st.sampled_from([*MEMBERS, *GUESTS])
SLUGS = st.sampled_from([slug for slug in GOODS if slug != "lost"] + ["odd", "odd"])
ANY_SLUG = st.sampled_from(list(GOODS))
SHARES = st.sampled_from([1, 1000, 3333, 5000, 9999, 10000])
GAPS = st.sampled_from([1, 10 * MINUTE, DAY, 3 * DAY, 7 * DAY - 1, 7 * DAY, 8 * DAY, 31 * DAY, 200 * DAY])
WORDS = {"reason": "test", "actor": f"account:{STAFF_ID}"}
DISPUTE_STEPS = {
    "buyer": ["decide", "concede", "withdraw"],
    "provider": ["outcome"],
    "distributor": ["decide", "withdraw"],
    "decided": ["accept", "appeal"],
    "appeal": ["decide"],
}
PAYOUT_STEPS = {
    "requested": ["approve", "reject", "cancel"],
    "approved": ["process", "reject"],
    "processing": ["confirm", "fail"],
    "failed": ["retry", "reject"],
    "paid": ["return"],
}

# When everything is decided and past, no row comes out of these.
LEFT_OVERS = {
    "commission that waits for nothing": "SELECT id FROM commission WHERE matured_fen <> net_fen OR freezes > 0",
    "a pool that a line did not fund as it should": "SELECT line_id FROM schedule WHERE NOT forfeit_unused "
    "AND funded_fen <> (base_fen - refunded_fen) * pool_bps / 10000",
    "figures that are not what they add up": "SELECT payee_id FROM (SELECT payee_id, level, net_fen AS fen FROM commission "
    "UNION ALL SELECT payee_id, level, -gross_fen AS fen FROM tally) AS sides GROUP BY payee_id, level HAVING sum(fen) <> 0 "
    "UNION ALL SELECT payee_id FROM (SELECT payee_id, level, net_fen AS fen FROM commission "
    "UNION ALL SELECT payee_id, level, -gross_fen AS fen FROM earning_day) AS sides GROUP BY payee_id, level HAVING sum(fen) <> 0",
}


def some(things):
    """A rule that needs one of `things`, which the history keeps under this name."""
    return precondition(lambda self: bool(getattr(self, things)))


class History(Scene):
    """Everything that can happen."""

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self._end()
        finally:
            super().teardown()

    # Orders and callbacks

    @initialize(days=st.sampled_from([0, 3, 10, 10]), spent=st.sampled_from([None, None, 0, 1, 2, 3, 3]))
    def begin(self, days, spent):
        self.wait(seconds=days * DAY, working=True)
        if spent is not None:
            for name in self._rich():
                self._request(name, 10000, spent)

    @rule(name=BUYERS, slug=SLUGS, quantity=st.integers(1, 3), faulty=FAULTS)
    def buy(self, name, slug, quantity, faulty):
        self._pay(self._place(name, slug, quantity), faulty=faulty)

    @rule(name=GUEST_BUYERS, slug=st.sampled_from(["odd", "uses"]), days=st.sampled_from([0, 7, 7]))
    def sell(self, name, slug, days):
        self._pay(self._place(name, slug, 1))
        self.wait(seconds=days * DAY, working=True)

    @rule(name=BUYERS, slug=ANY_SLUG)
    def place(self, name, slug):
        self._place(name, slug, 1)

    @some("unpaid")
    @rule(pick=PICKS, faulty=FAULTS)
    def pay(self, pick, faulty):
        self._pay(self.unpaid[pick % len(self.unpaid)], faulty=faulty)

    @some("paid")
    @rule(pick=PICKS, same=st.booleans())
    def pay_again(self, pick, same):
        order, before = self.paid[-1 - pick % len(self.paid)], self._entries()
        number = order["trade_number"] if same else self._number("H")
        verdict = self.world.notify(self.world.payment_notice(order["payment"], number, order["total_fen"]))
        assert verdict == ("duplicate" if same else "double_paid")
        assert self._entries() == before

    @rule(name=GUEST_BUYERS, share=SHARES, trouble=st.sampled_from(["complain", "refund"]))
    def trouble_before_commission(self, name, share, trouble):
        order = self._place(name, "odd", 1)
        self._pay(order, faulty=True)
        fen = max(1, order["total_fen"] * share // 10000)
        if trouble == "refund":
            self.act(trade.refund, order["id"], amount_fen=fen, way="hand", now=self.now, **WORDS)
        else:
            self.act(trade.complain, order["id"], claim="Bad.", wanted_fen=fen, actor="buyer", now=self.now)
        self.catch_up()
        self.wait(seconds=MINUTE, working=True)

    def _place(self, name, slug, quantity):
        placed = self.world.place(name, slug, quantity)
        row = self.world.rows("SELECT id, total_fen FROM orders WHERE number = :number", number=placed.number)[0]
        line = self.world.rows("SELECT id FROM order_line WHERE order_id = :id", id=row.id)[0]
        order = {"id": row.id, "payment": placed.payment_number, "buyer": name, "slug": slug, "quantity": quantity}
        order |= {"number": placed.number, "total_fen": row.total_fen, "line_id": line.id}
        order |= {"trade_number": self._number("H"), "via": self.world.inviter(name)}
        self.unpaid.append(order)
        return order

    def _pay(self, order, *, faulty=False):
        query = self.world.payment_notice(order["payment"], order["trade_number"], order["total_fen"])
        with mock.patch("app.trade.confirm.log") as log, ExitStack() as stack:
            if faulty:
                stack.enter_context(mock.patch("app.trade.confirm.accrue", side_effect=RuntimeError("on purpose")))
            verdict = self.world.notify(query)
        self.unpaid.remove(order)
        if verdict == "late":
            return
        assert verdict == "accepted"
        # What goes wrong after a payment is logged and put off: nothing may go wrong here but what is made to.
        assert log.exception.call_count == faulty, log.exception.call_args_list
        self.paid.append(order)
        self.delivered(order, self.now)
        if faulty:
            self.put_off.append(order)
        else:
            self.accrued(order)
        self.catch_up()

    def _number(self, prefix):
        self.world.trades += 1
        return f"{prefix}{self.world.trades:08d}"

    def _entries(self):
        # Money that no order takes is held by the books, and is no part of what anybody earns.
        own = "SELECT count(*) AS entries FROM journal WHERE kind NOT LIKE 'unclaimed%'"
        return self.world.rows(own)[0].entries

    # Refunds

    @some("paid")
    @rule(pick=PICKS, share=SHARES, state=st.sampled_from([None, None, "done", "failed", "doubtful"]))
    def refund(self, pick, share, state):
        order = self.paid[-1 - pick % len(self.paid)]
        fen, way = max(1, order["total_fen"] * share // 10000), ("hand", "gateway")[pick % 2]
        refund_id = self.act(trade.refund, order["id"], amount_fen=fen, way=way, now=self.now, **WORDS)
        self.catch_up()
        if state and refund_id is not REFUSED:
            self._settle_refund(refund_id, state)

    @some("refunds")
    @rule(pick=PICKS, state=st.sampled_from(["done", "failed", "failed", "doubtful"]))
    def settle_refund(self, pick, state):
        self._settle_refund(list(self.refunds)[-1 - pick % len(self.refunds)], state)

    def _settle_refund(self, refund_id, state):
        settled = self.act(trade.settle_refund, refund_id, state=state, reference="R", now=self.now)
        assert settled == (self.refunds[refund_id] in ("pending", "doubtful") and self.refunds[refund_id] != state)
        self.catch_up()

    @rule(pick=PICKS, share=SHARES, repeat=st.booleans())
    def told_of_a_refund(self, pick, share, repeat):
        orders = self.unpaid + self.paid
        order = orders[pick % len(orders)]
        told = (self._number("RF"), max(1, order["total_fen"] * share // 10000))
        query = self.world.refund_notice(order["payment"], order["trade_number"], order["total_fen"], *told)
        for _ in range(1 + repeat):
            assert self.world.notify(query) is not REFUSED
        self.catch_up()

    # Time and use

    @rule(seconds=GAPS, working=st.booleans())
    def wait(self, seconds, working):
        self.world.now += seconds
        if working:
            self.work()

    @some("paid")
    @rule(pick=PICKS, seconds=st.sampled_from([-1, -1, 0]))
    def wait_for_the_end_of_a_hold(self, pick, seconds):
        until = self.model.orders[self.paid[-1 - pick % len(self.paid)]["id"]].mature_at + seconds
        self.wait(seconds=max(0, until - self.now), working=True)

    @rule(name=NAMES, days=st.sampled_from([0, 8]))
    def look(self, name, days):
        self.world.now += days * DAY
        self.act(settlement.release_for, [self.world.node_ids[name]], self.now)
        self.model.release_person(name, self.now)

    @precondition(lambda self: self._usable())
    @rule(pick=PICKS, count=st.integers(1, 4))
    def use(self, pick, count):
        usable = self._usable()
        order = usable[pick % len(usable)]
        act, args = (trade.activate, ()) if order["slug"] == "first" else (trade.use, (count,))
        if self.act(act, order["id"], order["line_id"], *args, "buyer", self.now) is not REFUSED:
            known = self.model.orders[order["id"]]
            if order["slug"] == "first":
                known.activated_at = self.now
            known.used += count
            self.model.release([order["id"]], self.now)

    def _usable(self):
        return [order for order in self.paid if order["slug"] in ("uses", "lost", "first")]

    # Disputes and flags

    @some("paid")
    @rule(pick=PICKS, share=SHARES, by=st.sampled_from(["buyer", "provider", "buyer", "provider", "anna", "clara"]))
    def complain(self, pick, share, by):
        order = self.paid[-1 - pick % len(self.paid)]
        values = {"claim": "It does not work.", "actor": by, "now": self.now}
        if by in MEMBERS:
            self.act(trade.claim_commission, self.world.node_ids[by], order_number=order["number"], **values)
        else:
            act = trade.complain if by == "buyer" else trade.report_chargeback
            self.act(act, order["id"], wanted_fen=max(1, order["total_fen"] * share // 10000), **values)
        self.catch_up()

    @precondition(lambda self: self._open_disputes())
    @rule(pick=PICKS, step=STEPS, share=SHARES, how=STEPS)
    def argue(self, pick, step, share, how):
        ids = self._open_disputes()
        row = settlement.find_dispute(self.world.tx, ids[pick % len(ids)])
        steps = DISPUTE_STEPS[row.kind if row.state in ("open", "evidence") else row.state]
        values = {"actor": "account:1", "now": self.now}
        match steps[step % len(steps)]:
            case "decide":
                self._decide(row, share, how)
            case "accept":
                for side in ("opener", "shop"):
                    self.act(trade.accept_decision, row.id, side=side, **values)
            case "appeal":
                self.act(trade.appeal, row.id, side="opener", words="No.", **values)
            case "concede":
                self.act(trade.concede, row.id, **values)
            case "withdraw":
                self.act(trade.withdraw_claim, row.id, **values)
            case "outcome":
                fen = (row.wanted_fen or 0) * share // 10000
                self.act(trade.record_outcome, row.id, fen=fen, reference="P", **values)
        self.catch_up()

    def _decide(self, row, share, how):
        values = {"actor": "account:1", "words": "So it is.", "now": self.now}
        for side in ("shop", "opener"):
            self.act(trade.speak, row.id, side=side, **values)
        state = settlement.find_dispute(self.world.tx, row.id).state
        decisions = settlement.DECISIONS.get(row.kind, settlement.USUAL_DECISIONS)
        decision = {
            "decision": decisions[how % len(decisions)],
            "fen": max(1, (row.wanted_fen or 500) * share // 10000),
        }
        judge = {"account_id": self.world.judges[state == "appeal"], "seen_state": state, "reason": "So."}
        self.act(trade.decide_dispute, row.id, now=self.now, **decision, **judge)

    def _open_disputes(self):
        return [id for id, is_open in self.disputes.items() if is_open]

    @some("paid")
    @rule(pick=PICKS, name=st.sampled_from([None, *MEMBERS]), fraud=st.sampled_from([None, None, False, True]))
    def flag(self, pick, name, fraud):
        order_id = self.paid[-1 - pick % len(self.paid)]["id"]
        payee_id = name and self.world.node_ids[name]
        flag = {"detail": "", "payee_id": payee_id, "now": self.now}
        flag_id = self.act(referral.open_flag, order_id, "network", **flag)
        if flag_id is not None:
            payee_ids = None if payee_id is None else [payee_id]
            self.act(settlement.freeze, f"flag:{flag_id}", order_id=order_id, payee_ids=payee_ids, now=self.now)
        self.catch_up()
        if flag_id is None or fraud is not None:
            self._decide_flag(list(self.flags)[pick % len(self.flags)], bool(fraud))

    def _decide_flag(self, flag_id, fraud):
        act = trade.uphold_flag if fraud else trade.clear_flag
        if self.act(act, flag_id, note="test", actor="account:1", now=self.now) is not REFUSED:
            flag = referral.find_flag(self.world.tx, flag_id)
            if fraud:
                self.model.take_whole(flag.order_id, self.world.names.get(flag.payee_id), self.now)
            self.model.unfreeze(f"flag:{flag_id}", self.now)

    # People

    @rule(name=NAMES, act=st.sampled_from([*["suspend"] * 3, "ban"]))
    def sanction(self, name, act):
        if self.act(getattr(trade, act), self.world.node_ids[name], now=self.now, **WORDS) is REFUSED:
            assert self.states[name] in ("banned", "settled") or act == self.states[name][:7]
        elif act == "suspend":
            self.states[name] = "suspended"
            self.model.freeze_person(name, f"suspension:{name}")
        else:
            self.states[name] = "banned"
            for child, parent in self.parents.items():
                if name in (child, parent):
                    self.parents[child] = None
            self.catch_up()
            self.model.freeze_person(name, f"ban:{name}")
            self.model.unfreeze(f"suspension:{name}", self.now)

    @precondition(lambda self: self._are("suspended"))
    @rule(pick=PICKS)
    def lift(self, pick):
        name = self._are("suspended")[pick % len(self._are("suspended"))]
        assert self.act(trade.lift, self.world.node_ids[name], now=self.now, **WORDS) is not REFUSED
        self.states[name] = "qualified"
        self.model.unfreeze(f"suspension:{name}", self.now)

    @precondition(lambda self: self._are("banned"))
    @rule(pick=PICKS, frauds=st.integers(0, 3), finish=st.booleans())
    def settle_ban(self, pick, frauds, finish):
        name = self._are("banned")[pick % len(self._are("banned"))]
        mine = "SELECT id, order_id FROM commission WHERE payee_id = :id ORDER BY id"
        rows = self.world.rows(mine, id=self.world.node_ids[name])[:frauds]
        values = {"finish": finish, "now": self.now} | WORDS
        settled = self.act(trade.settle_ban, self.world.node_ids[name], [row.id for row in rows], **values)
        assert settled is not REFUSED
        for row in rows:
            self.model.take_whole(row.order_id, name, self.now)
        if finish:
            self.states[name] = "settled"
            self.model.unfreeze(f"ban:{name}", self.now)

    def _are(self, state):
        return [name for name, its in self.states.items() if its == state]

    # Payouts

    @precondition(lambda self: self._rich())
    @rule(pick=PICKS, share=st.sampled_from([10000, 10000, 10000, 10001, 5000, 1]), moves=st.integers(0, 4))
    def request(self, pick, share, moves):
        self._request(self._rich()[pick % len(self._rich())], share, moves)

    def _request(self, name, share, moves):
        wallet = ledger.read_wallet(self.world.tx, [self.world.nodes[name].pid])
        fen = max(1, settlement.payable_fen(wallet) * share // 10000)
        account_id, settings = self.world.people[name].account_id, self.world.settings
        number = self.act(settlement.request_payout, account_id, fen, settings, actor=name, now=self.now)
        if number is not REFUSED:
            assert self.states[name] in ("qualified", "settled")
            self.model.release_person(name, self.now)
            assert name in self.model.vague or self.model.debt[name] == 0
            self.catch_up()
            for _ in range(moves):
                self._move(number, 0)

    def _rich(self):
        return [name for name in MEMBERS if self.model.available[name] > 0]

    @some("payouts")
    @rule(pick=PICKS, step=STEPS)
    def move(self, pick, step):
        self._move(list(self.payouts)[-1 - pick % len(self.payouts)], step)

    def _move(self, number, step):
        steps = [*PAYOUT_STEPS.get(self.payouts[number], []), "confirm"]
        name = steps[step % len(steps)]
        values = {"actor": "account:1", "now": self.now}
        if name == "approve":
            values = {"by": STAFF_ID, "now": self.now}
        elif name == "confirm":
            values |= {"reference": "B1", "by": STAFF_ID, "settings": self.world.settings}
        elif name in ("reject", "fail", "return"):
            values |= {"reason": "test"}
        self.act(getattr(settlement, f"{name}_payout"), number, **values)
        self.catch_up()

    # The end

    def _end(self):
        """Everything is decided and enough time has passed: nothing waits any more, and the model agrees to the last fen."""
        for dispute_id in self._open_disputes():
            self._end_dispute(settlement.find_dispute(self.world.tx, dispute_id))
        for flag_id in self.flags:
            self._decide_flag(flag_id, False)
        while self._are("suspended"):
            self.lift(pick=0)
        while self._are("banned"):
            self.settle_ban(pick=0, frauds=0, finish=True)
        self.wait(seconds=400 * DAY, working=True)
        self.check()
        for what, query in LEFT_OVERS.items():
            assert not self.world.rows(query), what

    def _end_dispute(self, row):
        if row.kind == "provider":
            self.act(trade.record_outcome, row.id, fen=0, reference="P", actor="account:1", now=self.now)
        elif row.state in ("open", "evidence"):
            self.act(trade.withdraw_claim, row.id, actor="buyer", now=self.now)
        elif row.state == "appeal":
            judge = {"account_id": self.world.judges[1], "seen_state": row.state, "fen": None}
            against = "refused" if row.kind == "distributor" else "seller"
            self.act(trade.decide_dispute, row.id, decision=against, reason="So.", now=self.now, **judge)
        self.catch_up()
