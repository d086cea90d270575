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
    return _save(form, None)


@pages.post("/<int(max=2147483647):tier_id>", endpoint="update")
def update(tier_id: int) -> Response:
    if db.session.get(Tier, tier_id) is None:
        abort(404)
    form = TierForm(prefix=_prefix(tier_id))
    return _save(form, tier_id)


def _save(form: TierForm, tier_id: int | None) -> Response:
    """Save what the form says and go back to the list; where people change their tier by it, the list says how many first."""
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
            act = referral.save_tier_as_seen
            save: Callable[..., int] = around(act) if tier_id else noted(said, act)
            transaction(save, tier_id, seen=form.seen.data or "", **values)
            return web.go(url_for("admin.tiers.index", saved=1))
        except referral.TierMoves as moves:
            return _shown(form, tier_id, moves)
        except Refusal as refusal:
            put_beside(form, refusal)
    return _again(form, tier_id, 422)


def _shown(form: TierForm, tier_id: int | None, moves: referral.TierMoves) -> Response:
    """The figures, and the form that does what they say; a seal of other figures is told."""
    status = 409 if form.seen.data else 200
    # What the page shows is what the next press confirms.
    form.seen.data = moves.shift.seal
    return _again(form, tier_id, status, moves)


def _again(form: TierForm, tier_id: int | None, status: int, moves: referral.TierMoves | None = None) -> Response:
    if tier_id is None:
        return _page(new=form, status=status, moves=moves)
    return _page(changed={tier_id: form}, status=status, moves=moves)


def _page(
    *,
    new: TierForm | None = None,
    changed: dict[int, TierForm] | None = None,
    status: int = 200,
    moves: referral.TierMoves | None = None,
) -> Response:
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
        moves=moves,
        is_late=status == 409,
        saved="saved" in request.args,
    )
    return make_response(page, status)
