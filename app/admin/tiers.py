"""Tiers of distributors, all on one page: each with its name, its place and the own sales it starts at."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from app import referral, web
from app.admin import looking
from app.admin.forms import TierForm, put_beside
from app.db import db, transaction
from app.errors import Refusal
from app.money import yuan
from app.noting import Line, compared, noted
from app.referral import Tier

pages = Blueprint("tiers", __name__, url_prefix="/tiers")


def _prefix(tier_id: int) -> str:
    # Many forms share the page; ids of fields must not.
    return f"t{tier_id}-"


@pages.get("", endpoint="index")
def index() -> Response:
    return _page()


@pages.post("", endpoint="create")
def create() -> Response:
    form = TierForm()
    return _save(form, None) or _page(new=form, status=422)


@pages.post("/<int(max=2147483647):tier_id>", endpoint="update")
def update(tier_id: int) -> Response:
    if db.session.get(Tier, tier_id) is None:
        abort(404)
    form = TierForm(prefix=_prefix(tier_id))
    return _save(form, tier_id) or _page(changed={tier_id: form}, status=422)


def _save(form: TierForm, tier_id: int | None) -> Response | None:
    """Save what the form says and go back to the list; None when it has to be shown again."""
    if form.validate_on_submit():
        values = {
            "name": form.name.data,
            "min_sales_fen": form.min_sales.number,
            "position": form.position.number,
        }
        try:
            said = Line(
                "tier.update" if tier_id else "tier.create",
                f"tier:{tier_id or values['name']}",
                now={} if tier_id else values,
            )
            around = compared(said, lambda tx: looking.tier(tx, tier_id or 0))
            save: Callable[..., int] = around(referral.save_tier) if tier_id else noted(said, referral.save_tier)
            transaction(save, tier_id, **values)
            return web.go(url_for("admin.tiers.index", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return None


def _page(*, new: TierForm | None = None, changed: dict[int, TierForm] | None = None, status: int = 200) -> Response:
    tiers = referral.list_tiers(db.session)
    forms = {
        tier.id: TierForm(
            formdata=None,
            prefix=_prefix(tier.id),
            data={"name": tier.name, "min_sales": yuan(tier.min_sales_fen), "position": str(tier.position)},
        )
        for tier in tiers
    }
    page = render_template(
        "admin/tiers/index.html",
        tiers=tiers,
        new=new or TierForm(formdata=None),
        forms=forms | (changed or {}),
        saved="saved" in request.args,
    )
    return make_response(page, status)
