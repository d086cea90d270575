"""How the shop looks: its accent colour, checked for contrast, and its logo."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app import shop, web
from app.admin.actors import who
from app.admin.forms import put_beside
from app.admin.look_form import SWATCHES, LookForm, pick
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
            transaction(keep, "look", {"accent": form.chosen(settings().accent)}, who())
            return web.go(url_for("admin.looks.edit", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(form, 422)


@pages.get("/sample", endpoint="show")
def show() -> str:
    """A colour as it would look, before it is saved."""
    present = settings().accent
    meant = pick(request.args.get("accent"), request.args.get("own"), present, request.args.get("own_shown"))
    return render_template("admin/looks/_sample.html", **sample(meant or present))


def sample(accent: str) -> dict[str, object]:
    """What the picture of a colour in both themes shows, with its contrasts in words."""
    return {"accent": accent, "themes": (shop.light_shades(accent), shop.dark_shades(accent)), "ratio": shop.ratio}


def _page(form: LookForm, status: int = 200) -> Response:
    present = settings().accent
    page = render_template(
        "admin/looks/edit.html",
        form=form,
        swatches=SWATCHES,
        saved="saved" in request.args,
        **sample(pick(form.accent.data, form.own.data, present, request.form.get("own_shown")) or present),
    )
    return make_response(page, status)
