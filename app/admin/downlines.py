"""Who stands below one person: the first level with what each sells, and the second with through whom."""

from flask import Blueprint, Response, request

from app import referral, web
from app.admin import network_labels as labels
from app.admin import node_faces
from app.admin.nodes import node_or_404
from app.cursor import read_pair, write_pair
from app.db import db

pages = Blueprint("downlines", __name__, url_prefix="/nodes/<pid>/downlines")


@pages.get("", endpoint="index")
def index(pid: str) -> Response:
    node = node_or_404(pid)
    level = 2 if request.args.get("level") == "2" else 1
    name = f"admin.downlines.{node.pid}.{level}"
    ids = [part.id for part in referral.parts_of(db.session, node.id)]
    people, following = referral.list_below(db.session, ids, level, before=read_pair(name))
    return web.page_or_partial(
        "admin/downlines/index.html",
        "admin/downlines/_rows.html",
        node=node,
        level=level,
        people=people,
        faces=node_faces.faces([node.pid, *(one.node.pid for one in people)]),
        figures=referral.figures_of(db.session, [one.node.id for one in people]),
        labels=labels,
        following=write_pair(name, following),
    )
