"""Somebody who asks for payouts and settles them through the acts."""

from app import settlement
from app.db import transaction

OWNER, OTHER = 901, 902


class Cashier:
    """Asks for payouts and settles them through the acts."""

    def __init__(self, shop):
        self.shop = shop

    def payee(self, person, account="13800138000"):
        row = {"method": "alipay", "name": "李琳", "account": account}
        return transaction(settlement.save_payee, person.account_id, now=self.shop.now, **row)

    def ask(self, person, fen):
        settings = self.shop.settings
        return transaction(
            settlement.request_payout, person.account_id, fen, settings, actor="account:1", now=self.shop.now
        )

    def act(self, name, number, **values):
        transaction(getattr(settlement, f"{name}_payout"), number, now=self.shop.now, **values)

    def send(self, number):
        self.act("approve", number, by=OWNER)
        self.act("process", number, actor="account:1")

    def confirm(self, number, by=OWNER, reference="B1"):
        self.act("confirm", number, reference=reference, by=by, actor=f"account:{by}", settings=self.shop.settings)


def parts(shop, person):
    """What the person has available, in a payout, paid out so far, and owes."""
    wallet = shop.wallet(person)
    return wallet.available_fen, wallet.pending_fen, wallet.paid_out_fen, wallet.debt_fen
