"""What one person earned, row by row, that the list shows."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app import referral
from app.admin import exporting, labels
from app.admin.commissions import asked_state, sold_by
from app.admin.exporting import Sheet, moment
from app.admin.nodes import node_or_404
from app.db import db
from app.display import percent, rule
from app.referral import Commission
from app.sheet import Fen

HEAD = (
    lazy_gettext("Order"),
    lazy_gettext("Goods"),
    lazy_gettext("Level"),
    lazy_gettext("Base, yuan"),
    lazy_gettext("Commission rate"),
    lazy_gettext("Rule"),
    lazy_gettext("Gross, yuan"),
    lazy_gettext("Net, yuan"),
    lazy_gettext("State"),
    lazy_gettext("Released on"),
)


def sheet() -> Sheet:
    node, state = node_or_404(request.args.get("pid", "")), asked_state()
    ids = [part.id for part in referral.parts_of(db.session, node.id)]
    return Sheet("commission", HEAD, _rows(ids, state), {"pid": node.pid, "state": state})


def _rows(ids: list[int], state: str | None) -> Iterator[tuple[Any, ...]]:
    def page(before: int | None, limit: int) -> tuple[list[Commission], int | None]:
        return referral.list_earned(db.session, ids, state=state, before=before)

    for found in exporting.pages(page):
        yield from _told(found)


def _told(shares: Sequence[Commission]) -> Iterator[tuple[Any, ...]]:
    sold = sold_by(shares)
    for one in shares:
        line = sold[one.line_id]
        yield (
            line.number,
            line.title,
            one.level,
            Fen(one.base_fen),
            _("fixed") if one.rate_bps is None else f"{percent(one.rate_bps)}%",
            rule(one.rule),
            Fen(one.gross_fen),
            Fen(one.net_fen),
            str(labels.COMMISSION_STATES[one.state]),
            moment(one.matured_at or one.mature_at),
        )
