"""The team: who came through me, two levels deep, under names that only I see."""

from flask import Blueprint, Response

from app import referral, web
from app.cursor import read_cursor, write_cursor
from app.db import db
from app.partner.standing import standing

pages = Blueprint("team", __name__)


@pages.get("/team", endpoint="index")
def index() -> Response:
    me = standing()
    members, last_id = referral.list_team(db.session, me.node_ids, me.pid, before=read_cursor("team"))
    return web.page_or_partial(
        "partner/team/index.html",
        "partner/team/_list.html",
        members=members,
        following=write_cursor("team", last_id),
        may_share=me.is_qualified,
    )
