"""A description as the shop will show it: its Markdown rendered by the rules of the catalog; nothing is saved."""

from flask import Blueprint, Response, make_response, render_template, request

from app import catalog, web
from app.admin.product_form import LONGEST_BODY

pages = Blueprint("descriptions", __name__, url_prefix="/descriptions")


@pages.post("", endpoint="create")
def create() -> Response:
    text = request.form.get("body_markdown", "").replace("\x00", "")[:LONGEST_BODY]
    page = "admin/descriptions/_prose.html" if web.wants_partial() else "admin/descriptions/show.html"
    response = make_response(render_template(page, html=catalog.render_markdown(text)))
    response.vary.add(web.REQUEST_TYPE)
    return response
