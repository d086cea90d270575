"""How the shop looks: its accent colour, checked for contrast, and its logo."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app import colour, shop, web
from app.admin.actors import who
from app.admin.forms import put_beside
from app.admin.look_form import SWATCHES, LookForm
from app.admin.setting_form import keep
from app.db import transaction
from app.display import settings
from app.errors import Refusal

pages = Blueprint("looks", __name__, url_prefix="/look")


@pages.get("", endpoint="edit")
def edit() -> Response:
    form = LookForm(formdata=None)
    form.show(settings().accent)
    return _page(form)


@pages.post("", endpoint="update")
def update() -> Response:
    form = LookForm()
    if form.validate_on_submit():
        try:
            transaction(keep, "look", {"accent": form.chosen}, who())
            return web.go(url_for("admin.looks.edit", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(form, 422)


@pages.get("/sample", endpoint="show")
def show() -> str:
    """A colour as it would look, before it is saved."""
    chosen = request.args.get("accent")
    accent = colour.parse(chosen) or colour.parse(request.args.get("own")) or settings().accent
    return render_template("admin/looks/_sample.html", **sample(accent))


def sample(accent: str) -> dict[str, object]:
    """What the picture of a colour in both themes shows, with its contrasts in words."""
    return {"accent": accent, "themes": (shop.light_shades(accent), shop.dark_shades(accent)), "ratio": shop.ratio}


def _page(form: LookForm, status: int = 200) -> Response:
    accent = colour.parse(form.own.data) or settings().accent
    page = render_template(
        "admin/looks/edit.html",
        form=form,
        swatches=SWATCHES,
        saved="saved" in request.args,
        **sample(form.accent.data if form.accent.data in SWATCHES else accent),
    )
    return make_response(page, status)
