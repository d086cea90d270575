"""A list of the desk as a file, CSV or XLSX: all that it is narrowed to, not only the page."""

from flask import Blueprint, Response, abort

from app.admin import door, exporting
from app.admin.sheets import SHEETS

pages = Blueprint("exports", __name__, url_prefix="/exports")


@pages.post(f"/<any({', '.join(SHEETS)}):noun>", endpoint="create")
def create(noun: str) -> Response:
    """Written down, and for those who may read the list."""
    if not door.may(noun):
        abort(404)
    return exporting.send(SHEETS[noun]())
