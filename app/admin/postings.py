"""The statement of one person: what was posted to one of their buckets, with the balance after each, and what it was for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from app import ledger, referral, web
from app.admin import network_labels as labels
from app.admin.nodes import node_or_404
from app.cursor import read_pair, write_pair
from app.db import AnyRow, db
from app.orders import Order, OrderLine
from app.referral import Commission
from app.settlement import Dispute

pages = Blueprint("postings", __name__, url_prefix="/nodes/<pid>/postings")


@pages.get("", endpoint="index")
def index(pid: str) -> Response:
    wanted = asked(pid)
    name = f"admin.postings.{wanted.part}.{wanted.bucket}"
    kind = labels.BUCKETS[wanted.bucket][0]
    found, following = ledger.list_postings(db.session, kind, wanted.part, before=read_pair(name))
    return web.page_or_partial(
        "admin/postings/index.html",
        "admin/postings/_rows.html",
        node=wanted.node,
        parts=wanted.parts,
        part=wanted.part,
        bucket=wanted.bucket,
        movements=[(one, about(one.key)) for one in found],
        disputes=disputes_of(found),
        numbers=orders_of(found),
        labels=labels,
        following=write_pair(name, following),
    )


@dataclass(frozen=True)
class Asked:
    """Whose statement, as which of their nodes, and which bucket."""

    node: AnyRow
    parts: list[str]
    part: str
    bucket: str


def asked(pid: str) -> Asked:
    """What the address asks for: a person, and one of their parts and buckets."""
    node = node_or_404(pid)
    parts = [part.pid for part in referral.parts_of(db.session, node.id)]
    part, bucket = request.args.get("part", node.pid), request.args.get("bucket", "")
    return Asked(node, parts, part if part in parts else node.pid, bucket if bucket in labels.BUCKETS else "available")


def about(key: str) -> tuple[str, str]:
    """What a posting's key names: ("payout", its number), ("dispute", its id), or nothing."""
    kind, _, rest = key.partition(":")
    if kind == "payout":
        return "payout", rest.partition(":")[0]
    parts = key.split(":")
    return ("dispute", parts[parts.index("dispute") + 1]) if "dispute" in parts[:-1] else ("", "")


def orders_of(found: Sequence[ledger.Movement]) -> dict[str, str]:
    """posting's key -> the number of its order: what matures or lapses names a line, what is frozen a share, what is adjusted a dispute."""
    told: dict[Any, dict[str, int]] = {OrderLine: {}, Commission: {}, Dispute: {}}
    for one in found:
        parts = one.key.split(":")
        if one.order_number is None and one.kind == "adjust":
            kind, number = about(one.key)
            if kind == "dispute" and number.isdigit():
                told[Dispute][one.key] = int(number)
        elif one.order_number is None and len(parts) > 2 and parts[-2].isdigit():
            if one.kind in ("freeze", "unfreeze"):
                told[Commission][one.key] = int(parts[-2])
            elif one.kind == "mature" or parts[:2] == ["reverse", "forfeit"]:
                told[OrderLine][one.key] = int(parts[-2])
    numbers = {one.key: one.order_number for one in found if one.order_number}
    for model, ids in told.items():
        if ids:
            named = select(model.id, Order.number).join(Order, Order.id == model.order_id)
            found_here = db.session.execute(named.where(model.id.in_(set(ids.values()))))
            known: dict[int, str] = {row.id: row.number for row in found_here}
            numbers |= {key: known[number] for key, number in ids.items() if number in known}
    return numbers


def disputes_of(found: Sequence[ledger.Movement]) -> dict[str, str]:
    """dispute id -> its number, of those that this page names."""
    ids = {int(about) for what, about in (about(one.key) for one in found) if what == "dispute" and about.isdigit()}
    rows = db.session.execute(select(Dispute.id, Dispute.number).where(Dispute.id.in_(ids))) if ids else ()
    return {str(row.id): row.number for row in rows}
