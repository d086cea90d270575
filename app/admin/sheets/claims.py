"""The claims of distributors that the list shows: disputes of their kind, in the same columns."""

from flask import request

from app.admin.claims import WAITING, listed
from app.admin.exporting import Sheet
from app.admin.sheets.disputes import HEAD, told


def sheet() -> Sheet:
    pid, state = request.args.get("person"), request.args.get("state", WAITING)
    return Sheet(
        "claim", HEAD, told(lambda before, limit: listed(pid, state, before)), {"person": pid, "state": state[:20]}
    )
