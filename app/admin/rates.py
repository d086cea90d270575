"""Rates and limits: what a sale may give away in all, and what each level earns of it, by shop, category and tier."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy import Connection

from app import audit, catalog, referral, web
from app.admin import labels
from app.admin.actors import who
from app.admin.forms import LimitsForm
from app.admin.rewards import RatesForm, Written, check_cap, in_words, saved_data, write_rates
from app.admin.setting_form import keep
from app.audit import Who
from app.db import db, transaction
from app.display import percent, settings
from app.errors import Refusal

pages = Blueprint("rates", __name__, url_prefix="/rates")
SCOPES = ("shop", "category", "tier")
Row = tuple[str, int, str, RatesForm]


@pages.get("", endpoint="edit")
def edit() -> Response:
    present = settings()
    limits = LimitsForm(
        formdata=None,
        data={
            "self_percent": percent(present.self_bps),
            "pool_percent": percent(present.pool_bps),
            "max_percent": percent(present.max_total_bps),
            "margin_guard": present.margin_guard,
            "tier_over_product": present.tier_over_product,
        },
    )
    return _page(limits, _rows(sent=False))


@pages.post("", endpoint="update")
def update() -> Response:
    limits, rows = LimitsForm(), _rows(sent=True)
    refusal = None
    # Every form is looked at, so that each says what is wrong with it.
    good = [form.validate() for _, _, _, form in rows]
    if limits.validate_on_submit() and all(good):
        changes = {
            "self_bps": limits.self_percent.number,
            "pool_bps": limits.pool_percent.number,
            "max_total_bps": limits.max_percent.number,
            "margin_guard": limits.margin_guard.data,
            "tier_over_product": limits.tier_over_product.data,
        }
        written = [(scope, scope_id, form.written()) for scope, scope_id, _, form in rows]
        try:
            transaction(_write, changes, written, who())
            return web.go(url_for("admin.rates.edit", saved=1))
        except Refusal as refused:
            refusal = refused
    return _page(limits, rows, 422, refusal=refusal)


def _write(tx: Connection, changes: dict[str, Any], rows: list[tuple[str, int, Written]], who: Who) -> None:
    was = _rewards(tx)
    before = keep(tx, "rates", changes, who)
    for scope, scope_id, written in rows:
        write_rates(tx, scope, scope_id, written)
    check_cap(tx, replace(before, **changes))
    now = _rewards(tx)
    if was != now:
        audit.record(tx, who, "rate.update", "setting:rates", was=was, now=now)


def _rewards(tx: Connection) -> dict[str, str]:
    """Every reward but those of products, as the log tells it: "category:2 level 1" -> "6%"."""
    return {
        f"{scope}:{scope_id} level {level}{' renewal' if renewal else ''}": in_words(reward)
        for scope in SCOPES
        for renewal in (False, True)
        for (scope_id, _tier_id), rewards in referral.list_rates(tx, scope, renewal=renewal).items()
        for level, reward in rewards.items()
    }


def _rows(*, sent: bool) -> list[Row]:
    """(scope, its id, its name, form): the shop, then each category, then each tier."""
    scopes = [("shop", 0, "")]
    scopes += [("category", one.id, one.name) for one in catalog.list_categories(db.session)]
    scopes += [("tier", one.id, one.name) for one in referral.list_tiers(db.session)]
    saved = {
        scope: {renewal: referral.list_rates(db.session, scope, renewal=renewal) for renewal in (False, True)}
        for scope in SCOPES
    }
    rows = []
    for scope, scope_id, name in scopes:
        written = {} if sent else {"data": saved_data(scope, scope_id, saved=saved[scope]), "formdata": None}
        form = RatesForm(prefix=f"{scope}{scope_id}-", meta={"csrf": False}, **written)
        rows.append((scope, scope_id, name, form))
    return rows


def _page(limits: LimitsForm, rows: list[Row], status: int = 200, *, refusal: Refusal | None = None) -> Response:
    page = render_template(
        "admin/rates/edit.html",
        limits=limits,
        rows=rows,
        refusal=refusal,
        labels=labels,
        defaults={level: referral.Reward(bps) for level, bps in referral.DEFAULT_BPS.items()},
        shop_rates=referral.find_rates(db.session, 0),
        saved="saved" in request.args,
    )
    return make_response(page, status)
