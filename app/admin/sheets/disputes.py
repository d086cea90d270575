"""The disputes that the list shows."""

from collections.abc import Callable, Iterator
from typing import Any

from flask_babel import lazy_gettext

from app import orders
from app.admin import exporting, labels
from app.admin.disputes import asked, listed
from app.admin.exporting import Sheet, moment
from app.db import db
from app.settlement import Dispute
from app.sheet import Fen

HEAD = (
    lazy_gettext("Dispute"),
    lazy_gettext("Opened by"),
    lazy_gettext("Order"),
    lazy_gettext("State"),
    lazy_gettext("Asked for, yuan"),
    lazy_gettext("Decided, yuan"),
    lazy_gettext("Opened"),
    lazy_gettext("Next step by"),
    lazy_gettext("Closed on"),
)
OPENERS = {"distributor": lazy_gettext("Distributor"), "provider": lazy_gettext("Payment provider")}


def sheet() -> Sheet:
    state, wanted = asked()
    about = {"state": state[:20], "q": wanted}
    return Sheet("dispute", HEAD, told(lambda before, limit: listed(state, wanted, before)), about)


def told(page: Callable[[int | None, int], tuple[list[Dispute], int | None]]) -> Iterator[tuple[Any, ...]]:
    """The cells of the disputes that `page` reads."""
    for found in exporting.pages(page):
        about = orders.orders_by_id(db.session, [one.order_id for one in found if one.order_id])
        for one in found:
            order = about.get(one.order_id or 0)
            yield (
                one.number,
                str(OPENERS.get(one.kind, lazy_gettext("Buyer"))),
                order.number if order else "",
                str(labels.DISPUTE_STATES[one.state]),
                "" if one.wanted_fen is None else Fen(one.wanted_fen),
                "" if one.decision_fen is None else Fen(one.decision_fen),
                moment(one.opened_at),
                moment(one.due_at),
                moment(one.closed_at),
            )
