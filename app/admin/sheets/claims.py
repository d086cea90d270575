"""The claims of distributors that the list shows: disputes of their kind, in the same columns."""

from app.admin.claims import asked, listed
from app.admin.exporting import Sheet
from app.admin.sheets.disputes import HEAD, told


def sheet() -> Sheet:
    pid, state, number = asked()
    narrowed = {"person": pid, "state": state[:20], "q": number}
    return Sheet("claim", HEAD, told(lambda before, limit: listed(pid, state, number, before)), narrowed)
