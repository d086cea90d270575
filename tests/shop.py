"""A shop for tests, driven through the acts that the pages use; nothing here writes to a table."""

from dataclasses import dataclass
from functools import cache

from app import accounts, catalog, ledger, payments, referral, settlement, stock, trade
from app import shop as shop_room
from app.accounts import read_contact
from app.db import db, transaction
from app.payments import Notice, Verdict
from app.trade import Placed

KEY = "7f3c9a1e5b2d8046c0ffee12"
PRICE_FEN = 10000
ADDRESS = "192.0.2.1"


# To be slow is what it is for, and no test is about how slow.
_hash = cache(accounts.hash_password)


@dataclass(frozen=True)
class Person:
    """Somebody with a contact, a browser of their own, and an account if they registered."""

    contact: str
    account_id: int | None = None

    @property
    def device(self) -> bytes:
        return self.contact.encode()


class Shop:
    def __init__(self, now: int, *, codes: int = 20) -> None:
        self.now = now
        self.trades = 0
        transaction(self._open, codes)

    def _open(self, tx, codes):
        settings = {"merchant_id": "1001", "key": KEY}
        self.channel_id = payments.create_channel(
            tx, slug="sandbox", gateway="sandbox", name="测试", settings=settings, enabled=True, now=self.now
        )
        self.category_id = catalog.save_category(tx, None, name="课程", position=1, slug="courses")
        self.product_id = self.product(tx, "ps", codes=codes)

    def product(self, tx, slug, *, price_fen=PRICE_FEN, codes=20, category_id=None, **changes):
        values = {"title": f"教程 {slug}", "summary": "一份教程", "delivers": "一个兑换码", "body_markdown": "正文"}
        values |= {"category_id": category_id or self.category_id, "price_fen": price_fen, "cost_fen": None}
        values |= {"min_quantity": 1, "max_quantity": 10} | changes
        product_id = catalog.create_product(tx, slug=slug, now=self.now, **values)
        catalog.publish(tx, product_id)
        pasted = "\n".join(f"{slug.upper()}-{number:05d}" for number in range(codes))
        sku_id = tx.exec_driver_sql(f"SELECT id FROM sku WHERE product_id = {product_id}").scalar_one()
        if pasted:
            stock.take_in(tx, sku_id, pasted, account_id=None, now=self.now)
        return product_id

    @property
    def settings(self):
        return shop_room.read_settings(db.session)

    @property
    def channel(self):
        return payments.channel_by_slug(db.session, "sandbox")

    def sku(self, slug="ps"):
        return catalog.find_listed(db.session, slug).Sku.code

    # People

    def member(self, contact, *, via=None, cookie=None, joins=True, device=None):
        """Register through `via`'s link, and accept the rules of the network unless told otherwise."""
        account_id = transaction(
            trade.register,
            contact=read_contact(contact),
            password_hash="x",
            invite_cookie=cookie or (self.cookie(via) if via else None),
            device_hash=device or contact.encode(),
            settings=self.settings,
            now=self.now,
        )
        person = Person(contact, account_id)
        if joins:
            transaction(referral.qualify, self.node(person).id, source="free_join", terms_version="1", now=self.now)
        return person

    def owner(self, contact="olga@example.com", password="four unrelated plain words", role="owner"):
        token = transaction(accounts.issue_ticket, role, None, self.now)
        account_id = transaction(
            trade.register_staff,
            token=token,
            contact=read_contact(contact),
            password_hash=_hash(password),
            name="Olga",
            now=self.now,
        )
        return Person(contact, account_id)

    def node(self, person):
        if person.account_id:
            return referral.node_by_account(db.session, person.account_id)
        return referral.node_by_contact(db.session, read_contact(person.contact).index)

    def wallet(self, person):
        return ledger.read_wallet(db.session, [self.node(person).pid])

    def parent(self, person):
        with db.engine.connect() as connection:
            return referral.parent_of(connection, self.node(person).id)

    def cookie(self, person, now=None, address="192.0.2.0/24"):
        """The invite cookie that somebody who opened the person's link has."""
        node = self.node(person)
        link_id, _ = referral.find_link(db.session, referral.link_of_node(db.session, node.id))
        click_id = transaction(
            referral.record_click,
            link_id,
            weak=False,
            address_prefix=address,
            agent_hash=b"a",
            device_hash=b"visitor",
            now=now or self.now,
        )
        return referral.sign_invite(node.pid, click_id, cookie_days=30, now=now or self.now)

    # Orders

    def place(
        self,
        person,
        *,
        via=None,
        slug="ps",
        quantity=1,
        cookie=None,
        device=None,
        address=ADDRESS,
        channel="sandbox",
        trace=None,
    ) -> Placed:
        wish = trade.Wish(self.sku(slug), quantity, read_contact(person.contact), channel)
        visitor = trade.Visitor(
            address,
            account_id=person.account_id,
            device_hash=device or person.device,
            invite_cookie=cookie or (self.cookie(via) if via else None),
            trace=trace,
        )
        return transaction(trade.place, wish, visitor, self.settings, self.now)

    def notice(self, placed, *, trade_number=None, money=None, **changes):
        """The query string that a provider would call back with, signed."""
        self.trades += 1
        values = {"payment_number": placed.payment_number, "trade_number": trade_number or f"T{self.trades:08d}"}
        values |= {"method": "alipay", "money": money or self.total(placed)}
        return payments.sign_notice(self.channel.settings, **(values | changes))

    def total(self, placed):
        from app.money import yuan

        fen = db.session.execute(
            db.text("SELECT total_fen FROM orders WHERE number = :n"), {"n": placed.number}
        ).scalar()
        db.session.rollback()
        return yuan(fen)

    def deliver(self, query, channel=None) -> Verdict:
        notice = Notice("callback", "GET", "", query.encode(), b"", ADDRESS, "request")
        return trade.receive(channel or self.channel, notice, self.now)

    def pay(self, placed, **changes) -> Verdict:
        return self.deliver(self.notice(placed, **changes))

    def buy(self, person, **options) -> Placed:
        placed = self.place(person, **options)
        assert self.pay(placed) is Verdict.ACCEPTED
        return placed

    # Settlement

    def order_id(self, placed):
        return self.count("SELECT id FROM orders WHERE number = :number", number=placed.number)

    def pass_days(self, days, seconds=0):
        """Let time pass, and the worker release what is due."""
        self.now += days * 86400 + seconds
        while transaction(settlement.release_due, self.now):
            pass

    def refund(self, placed, fen=None, *, lines=None, way="hand", done=True):
        """Refund an order, and say that the money arrived."""
        refund_id = transaction(
            trade.refund,
            self.order_id(placed),
            amount_fen=fen,
            lines=lines,
            way=way,
            reason="test",
            actor="account:1",
            now=self.now,
        )
        if done:
            transaction(trade.settle_refund, refund_id, state="done", reference="R1", now=self.now)
        return refund_id

    def count(self, query, **values):
        found = db.session.execute(db.text(query), values).scalar()
        db.session.rollback()
        return found
