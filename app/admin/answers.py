"""What a buyer answered to the questions of the order form: shown when it is asked for, and that is written down."""

from flask import Blueprint, abort, render_template
from sqlalchemy import Connection

from app import audit, orders
from app.admin.actors import who
from app.audit import Who
from app.db import db, transaction
from app.orders import Order

pages = Blueprint("answers", __name__, url_prefix="/orders/<number>/answers")


@pages.post("", endpoint="create")
def create(number: str) -> str:
    found = db.session.execute(db.select(Order).where(Order.number == number)).scalar_one_or_none()
    if found is None or found.answers_sealed is None:
        abort(404)
    answers = orders.open_answers(found.number, found.answers_sealed)
    transaction(_note, number, who())
    return render_template("admin/answers/show.html", number=number, answers=answers)


def _note(tx: Connection, number: str, who: Who) -> None:
    audit.record(tx, who, "answer.reveal", f"order:{number}")
