"""The merchant's first page: what needs a hand, before anything else."""

from flask import Blueprint, render_template

from app import catalog, clock, ledger, orders, outbox, payments, referral, settlement, shop, stock
from app.admin import labels, network_labels
from app.catalog import Sku
from app.db import db
from app.display import settings

pages = Blueprint("home", __name__)
FEW = 6
LOW_STOCK = 5


@pages.get("", endpoint="index")
def index() -> str:
    now = clock.now()
    latest, _older = orders.search_orders(db.session)
    return render_template(
        "admin/home/index.html",
        labels=labels,
        books=ledger.last_checkup(db.session),
        worker_is_silent=shop.is_silent(db.session, "worker", now),
        has_dead_letters=outbox.has_dead_letters(db.session),
        channels=payments.list_offered(db.session, live=settings().is_live),
        strays=payments.list_strays(db.session, limit=FEW)[0],
        disputes=settlement.list_disputes(db.session, states=("open",))[0][:FEW],
        flags=referral.list_flags(db.session, "open")[0][:FEW],
        flag_names=network_labels.FLAGS,
        rebinds=referral.waiting_rebinds(db.session, FEW),
        claims=payments.list_claims(db.session, waiting=True, limit=FEW)[0],
        refunds=orders.waiting_refunds(db.session, FEW),
        payouts=settlement.list_payouts(db.session, state="requested", limit=FEW)[0],
        undelivered=orders.list_undelivered(db.session, FEW),
        short=catalog.list_short(db.session, stock.stock_hint(Sku.__table__.c.id), at_most=LOW_STOCK, limit=FEW),
        orders=latest[:FEW],
        lines=orders.lines_by_order(db.session, [order.id for order in latest[:FEW]]),
    )
