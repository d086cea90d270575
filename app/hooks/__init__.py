"""The desk for machines: what providers call back, and what monitors ask. No session, no cookie, no csrf."""

from flask import Blueprint, Flask

from app.extensions import csrf
from app.hooks import health, payments


def register(app: Flask) -> None:
    desk = Blueprint("hooks", __name__)
    desk.register_blueprint(payments.pages)
    desk.register_blueprint(health.pages)
    # Each by itself: what is exempted of a desk does not pass on to what it registered.
    for pages in (payments.pages, health.pages):
        csrf.exempt(pages)
    app.register_blueprint(desk)
