"""The desk put together: its nouns behind one guard, its links beside it, and what every page of it may use."""

from collections.abc import Sequence
from types import ModuleType

from flask import Blueprint, Flask

from app.admin import alarms, door, places


def open_desk(nouns: Sequence[ModuleType], links: Sequence[ModuleType], app: Flask) -> None:
    """Give `app` the pages of `nouns`, for whom door.py lets in, and of `links`, which open before anybody can log in."""
    desk = Blueprint("admin", __name__, url_prefix="/admin")
    desk.before_request(door.let_staff_in)
    for noun in nouns:
        desk.register_blueprint(noun.pages)
    app.register_blueprint(desk)
    outside = Blueprint("links", __name__)
    for noun in links:
        outside.register_blueprint(noun.pages)
    app.register_blueprint(outside)
    app.context_processor(lambda: {"alarms": alarms.shown, "may": door.may, "places": places.shown})
