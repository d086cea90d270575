"""The last page of setting oneself up: the account is there, and a second factor is offered before anything else."""

from flask import Blueprint, current_app, render_template, url_for
from flask_login import current_user

from app import visit

pages = Blueprint("starts", __name__, url_prefix="/start")
# Where a second factor is set up.
FACTORS = "storefront.security.show"


@pages.get("", endpoint="show")
def show() -> str:
    return render_template(
        "admin/starts/show.html",
        factor_url=url_for(FACTORS) if FACTORS in current_app.view_functions else None,
        home=visit.home_of(current_user.role),
    )
