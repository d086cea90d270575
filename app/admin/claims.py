"""Claims: what distributors say was not counted for them, by the time that runs out first, and the moves that came of it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from app import clock, orders, referral, settlement, web
from app.admin import labels, network_labels, node_faces
from app.admin.disputes import named
from app.admin.door import may
from app.admin.nodes import node_or_404
from app.admin.search import words
from app.cursor import read_cursor, write_cursor
from app.db import db
from app.settlement import Dispute

pages = Blueprint("claims", __name__, url_prefix="/claims")
KIND = "distributor"
# What is not closed, by what runs out first.
WAITING = "waiting"
MOST_MOVES = 20


@pages.get("", endpoint="index")
def index() -> Response:
    wanted, before = asked(), read_cursor("admin.claims")
    pid, state, number = wanted
    node = node_or_404(pid) if pid else None
    found, last_id = listed(*wanted, before)
    is_first = not number and state == WAITING and node is None and before is None and may("rebinds")
    return web.page_or_partial(
        "admin/claims/index.html",
        "admin/claims/_rows.html",
        claims=found,
        node=node,
        state=state,
        number=number,
        moves=referral.waiting_rebinds(db.session, MOST_MOVES) if is_first else [],
        now=clock.now(),
        labels=labels,
        network_labels=network_labels,
        following=write_cursor("admin.claims", last_id),
        **_about(found),
    )


def asked() -> tuple[str | None, str, str]:
    """The person, the state and the number that the address narrows the list to; what is found by its number may be closed."""
    number = words(40)
    return request.args.get("person"), request.args.get("state", "all" if number else WAITING), number


def listed(pid: str | None, state: str, number: str, before: int | None) -> tuple[list[Dispute], int | None]:
    """A page of the claims of a person, or of everybody, in a state; or those that the number of a claim or an order names."""
    whose: dict[str, Any] = {"kind": KIND}
    if pid:
        whose["node_ids"] = [part.id for part in referral.parts_of(db.session, node_or_404(pid).id)]
    if number:
        found = [
            one
            for one in named(number.upper())
            if one.kind == KIND and state in ("all", one.state, one.is_open and WAITING)
        ]
        return [one for one in found if not pid or one.node_id in whose["node_ids"]], None
    if state == WAITING:
        return settlement.list_by_clock(db.session, after=before, **whose)
    states = (state,) if state in settlement.STATES_OF_DISPUTE else ()
    return settlement.list_disputes(db.session, states=states, before=before, **whose)


def _about(claims: Sequence[Dispute]) -> dict[str, Any]:
    """The orders of these claims, whose they are, and whether somebody was moved by them."""
    found = orders.orders_by_id(db.session, [one.order_id for one in claims if one.order_id])
    nodes = {one.node_id for one in claims if one.node_id} | {
        order.node_id for order in found.values() if order.node_id
    }
    persons = referral.persons_of(db.session, sorted(nodes))
    return {
        "orders": found,
        "persons": persons,
        "faces": node_faces.faces(persons.values()),
        "moved": referral.rebinds_of_cases(db.session, [one.number for one in claims]),
    }
