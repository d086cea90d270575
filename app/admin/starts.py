"""The last page of setting oneself up: the account is there, and a second factor is offered before anything else."""

from flask import Blueprint, render_template
from flask_login import current_user

from app import visit

pages = Blueprint("starts", __name__, url_prefix="/start")


@pages.get("", endpoint="show")
def show() -> str:
    home = visit.home_of(current_user.role)
    return render_template("admin/starts/show.html", home=home, is_needed=visit.lacks_factor())
