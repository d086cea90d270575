"""A small shop for histories: made once a test, and in each history left as it was, because nothing of a history is committed."""

from sqlalchemy import TextClause

from app import payments, settlement, trade
from app import shop as room
from app.accounts import read_contact
from app.clock import DAY
from app.db import db, transaction
from app.errors import Refusal
from app.money import yuan
from app.payments import Notice
from tests.settlement.cashier import Cashier
from tests.shop import ADDRESS, Person
from tests.trade.disputing import judge

REFUSED = object()
# slug -> price in fen, and the nature of the goods.
GOODS = {
    "odd": (9999, {}),
    "small": (19, {}),
    "days": (9900, {"vesting": "validity", "validity_days": 30}),
    "uses": (9990, {"vesting": "use_count", "uses": 7, "validity_days": 40}),
    "lost": (9990, {"vesting": "use_count", "uses": 3, "validity_days": 20, "forfeit_unused": True}),
    "first": (10001, {"vesting": "first_use", "validity_days": 30}),
}
MEMBERS = {"anna": None, "boris": "anna", "clara": "boris"}
# Guests, and whose link they opened.
GUESTS = {"dan": "boris", "emma": "clara", "fay": None}
# Bought before any history begins, and delivered: who, and what.
SALES = (("clara", "odd"), ("emma", "days"))
STAFF_ID = 1


class Straight:
    """A reader that hands plain SQL to the driver at once: the same queries in a third of the time, thirty of them a step."""

    def __init__(self, connection) -> None:
        self.connection = connection
        self.cursor = connection.connection.cursor()

    def execute(self, statement, *args):
        if not isinstance(statement, TextClause):
            return self.connection.execute(statement, *args)
        self.cursor.execute(statement.text)
        return self

    def scalar_one(self):
        return self.cursor.fetchone()[0]


class World:
    """People, goods and a channel, and one open transaction that a history plays in."""

    def __init__(self, shop) -> None:
        transaction(room.change_settings, unpaid_per_contact=50, unpaid_per_address=50, min_payout_fen=1)
        self.start, self.channel, self.trades = shop.now, shop.channel, 0
        for slug, (price_fen, nature) in GOODS.items():
            transaction(shop.product, slug, price_fen=price_fen, codes=60, **nature)
        self.people = {}
        for name, upline in MEMBERS.items():
            self.people[name] = shop.member(f"{name}@example.com", via=upline and self.people[upline])
        self.people |= {name: Person(f"{name}@example.com") for name in GUESTS}
        self.judges = [judge(shop, f"judge{number}@example.com") for number in range(2)]
        for number, name in enumerate(MEMBERS):
            Cashier(shop).payee(self.people[name], f"1380013800{number}")
        self.nodes = {name: shop.node(self.people[name]) for name in MEMBERS}
        self.pids = {node.pid: name for name, node in self.nodes.items()}
        self.node_ids = {name: node.id for name, node in self.nodes.items()}
        self.names = {node.id: name for name, node in self.nodes.items()}
        self.owners = {self.people[name].account_id: name for name in MEMBERS}
        self.cookies = {name: via and shop.cookie(self.people[via]) for name, via in GUESTS.items()}
        self.skus = {slug: shop.sku(slug) for slug in GOODS}
        self.settings = shop.settings
        self.sales = [self._sell(shop, name, slug) for name, slug in SALES]
        db.session.rollback()
        db.session.remove()

    def _sell(self, shop, name, slug):
        placed = shop.buy(self.people[name], slug=slug, cookie=self.cookies.get(name), channel="sandbox")
        query = (
            "SELECT orders.id, total_fen, order_line.id AS line_id FROM orders JOIN order_line ON order_id = orders.id"
        )
        row = db.session.execute(db.text(f"{query} ORDER BY orders.id DESC LIMIT 1")).one()
        db.session.rollback()
        order = {"id": row.id, "payment": placed.payment_number, "buyer": name, "slug": slug, "quantity": 1}
        order |= {"number": placed.number, "total_fen": row.total_fen, "line_id": row.line_id}
        return order | {"trade_number": f"T{shop.trades:08d}", "via": GUESTS.get(name)}

    def open(self) -> None:
        """Begin a history, four days after everybody said where their money goes."""
        self.now = self.start + 4 * DAY
        self.tx = db.engine.connect().execution_options(write=True)
        self.outer = self.tx.begin()
        self.straight = Straight(self.tx)

    def close(self) -> None:
        """As if nothing had been."""
        self.straight.cursor.close()
        self.outer.rollback()
        self.tx.close()

    def act(self, function, *args, **values):
        """What transaction() would do, but in a savepoint: REFUSED, and nothing changed, where the act refuses."""
        try:
            with self.tx.begin_nested():
                return function(self.tx, *args, **values)
        except Refusal:
            return REFUSED

    def rows(self, query, **values):
        return list(self.tx.execute(db.text(query), values))

    def inviter(self, name):
        """Whose invitation somebody carries now: for thirty days (1.3.2)."""
        return GUESTS.get(name) if self.now < self.start + 30 * DAY else None

    def place(self, name, slug, quantity):
        person = self.people[name]
        wish = trade.Wish(self.skus[slug], quantity, read_contact(person.contact), "sandbox")
        visitor = trade.Visitor(
            ADDRESS, account_id=person.account_id, device_hash=person.device, invite_cookie=self.cookies.get(name)
        )
        return self.act(trade.place, wish, visitor, self.settings, self.now)

    def notify(self, query):
        """Let the provider tell something, as trade.receive does it."""
        notice = Notice("callback", "GET", "", query.encode(), b"", ADDRESS, "request")
        return self.act(trade.confirm, self.channel, notice, self.channel.read(notice, self.now), self.now)

    def payment_notice(self, payment_number, trade_number, total_fen):
        values = {"payment_number": payment_number, "trade_number": trade_number}
        return payments.sign_notice(self.channel.settings, **values, method="alipay", money=yuan(total_fen))

    def refund_notice(self, payment_number, trade_number, total_fen, refund_number, fen):
        values = {"payment_number": payment_number, "trade_number": trade_number, "method": "alipay"}
        values |= {"money": yuan(total_fen), "refund_number": refund_number, "refund_money": yuan(fen)}
        return payments.sign_refund_notice(self.channel.settings, **values)

    def work(self):
        """What the worker does when time has passed."""
        self.act(trade.expire, self.now)
        self.act(trade.retry_accruals, self.now)
        for dispute_id in settlement.due_disputes(self.tx, self.now):
            self.act(trade.advance_dispute, dispute_id, self.now)
        while self.act(settlement.release_due, self.now):
            pass
