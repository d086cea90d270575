"""How one logs in: the password, the second factor, and where one is logged in now."""

from flask import Blueprint, Response, make_response, render_template
from flask_login import current_user, login_required

from app import accounts, clock, proof, visit
from app.db import db
from app.storefront.agents import in_words

pages = Blueprint("security", __name__, url_prefix="/me/security")


@pages.get("", endpoint="show")
@login_required
def show() -> Response:
    now = clock.now()
    sessions = accounts.living_sessions(db.session, current_user.id, current_user.role, now, visit.session_times())
    page = render_template(
        "storefront/security/show.html",
        ways=proof.ways_of(current_user.id),
        passkeys=accounts.list_passkeys(db.session, current_user.id),
        sessions=sessions,
        devices={session.id: in_words(session.agent) for session in sessions},
        this_session=current_user.login.session_id,
        now=now,
    )
    return make_response(page)
