"""The desk for the merchant's own programs: a key in a header, answers in JSON. No session, no cookie, no csrf."""

from flask import Blueprint, Flask

from app.api import card_imports, door, orders, products
from app.extensions import csrf


def register(app: Flask) -> None:
    desk = Blueprint("api", __name__, url_prefix="/api/v1")
    desk.before_request(door.let_in)
    desk.after_request(door.say_how)
    for noun in (products, orders, card_imports):
        desk.register_blueprint(noun.pages)
        # Each by itself: what is exempted of a desk does not pass on to what it registered.
        csrf.exempt(noun.pages)
    app.register_blueprint(desk)
