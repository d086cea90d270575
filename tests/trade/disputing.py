"""Somebody who disputes, for tests: the real acts, with the shop's own clock."""

from io import BytesIO

from PIL import Image

from app import accounts, settlement, trade
from app.accounts import read_contact
from app.db import db, transaction

HOUR = 3600


class Case:
    """One dispute and what its sides do. Every act passes `shop.now`."""

    def __init__(self, shop, placed, *, wanted_fen=10000, claim="The code does not work."):
        self.shop = shop
        self.order_id = shop.order_id(placed)
        self.number = transaction(
            trade.complain, self.order_id, claim=claim, wanted_fen=wanted_fen, actor="buyer", now=shop.now
        )

    @classmethod
    def of(cls, shop, number):
        """A dispute that somebody opened in another way."""
        case = cls.__new__(cls)
        case.shop, case.number, case.order_id = shop, number, None
        return case

    @property
    def id(self):
        return self.shop.count("SELECT id FROM dispute WHERE number = :number", number=self.number)

    @property
    def row(self):
        db.session.rollback()
        found = settlement.find_dispute(db.session, self.id)
        db.session.rollback()
        return found

    def said(self):
        found = [(one.side, one.kind) for one in settlement.statements_of(db.session, self.id)]
        db.session.rollback()
        return found

    def do(self, act, **values):
        return transaction(act, self.id, now=self.shop.now, **values)

    def answer(self, actor="account:1"):
        self.do(trade.speak, side="shop", actor=actor, words="We replaced it.")

    def reply(self):
        self.do(trade.speak, side="opener", actor="buyer", words="You did not.")

    def decide(self, judge, decision, fen=None, **changes):
        values = {
            "account_id": judge,
            "seen_state": self.row.state,
            "decision": decision,
            "fen": fen,
            "reason": "So it is.",
        }
        self.do(trade.decide_dispute, **(values | changes))

    def appeal(self, side="opener", actor="buyer"):
        self.do(trade.appeal, side=side, actor=actor, words="No.")

    def pass_hours(self, hours, seconds=0):
        self.shop.pass_days(0, hours * HOUR + seconds)
        for dispute_id in settlement.due_disputes(db.session, self.shop.now):
            transaction(trade.advance_dispute, dispute_id, self.shop.now)


def judge(shop, contact="iris@example.com", role="arbitrator"):
    """Somebody of the shop with a role; returns the account's id."""
    token = transaction(accounts.issue_ticket, role, None, shop.now)
    return transaction(
        trade.register_staff,
        token=token,
        contact=read_contact(contact),
        password_hash=accounts.hash_password("four unrelated plain words"),
        name=contact.partition("@")[0],
        now=shop.now,
    )


def parts(shop, person):
    """held, available, frozen, debt."""
    wallet = shop.wallet(person)
    return wallet.held_fen, wallet.available_fen, wallet.frozen_fen, wallet.debt_fen


def picture(size=(40, 30)) -> bytes:
    """A PNG, as a browser would send it."""
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    return out.getvalue()
