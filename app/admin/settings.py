"""The shop's own settings, and the rates that hold where nothing nearer says otherwise."""

from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from sqlalchemy import Connection

from app import catalog, payments, shop, web
from app.admin.forms import SettingsForm, put_beside
from app.db import transaction
from app.display import settings
from app.errors import N_, Refusal
from app.money import yuan
from app.shop import Settings

pages = Blueprint("settings", __name__, url_prefix="/settings")


@pages.get("", endpoint="edit")
def edit() -> Response:
    present = settings()
    written: dict[str, Any] = {"name": present.name, "mode": present.mode, "support_contact": present.support_contact}
    written |= {"hold_days": str(present.hold_days), "cookie_days": str(present.cookie_days)}
    written["rebind_cooldown_days"] = str(present.rebind_cooldown_days)
    written |= {"hold_align": present.hold_align, "strict_mode": present.strict_mode}
    written["commission_base"] = present.commission_base
    written["late_money"] = present.late_money
    written |= {"min_payout": yuan(present.min_payout_fen), "payout_fee": yuan(present.payout_fee_fen)}
    written["payout_second_admin"] = yuan(present.payout_second_admin_fen)
    written["payout_cooldown_hours"] = str(present.payout_cooldown_hours)
    return _page(SettingsForm(formdata=None, data=written))


@pages.post("", endpoint="update")
def update() -> Response:
    form = SettingsForm()
    if form.validate_on_submit():
        changes = {
            "name": form.name.data,
            "mode": form.mode.data,
            "support_contact": form.support_contact.data,
            "hold_days": form.hold_days.number,
            "cookie_days": form.cookie_days.number,
            "rebind_cooldown_days": form.rebind_cooldown_days.number,
            "hold_align": form.hold_align.data,
            "strict_mode": form.strict_mode.data,
            "commission_base": form.commission_base.data,
            "late_money": form.late_money.data,
            "min_payout_fen": form.min_payout.number,
            "payout_fee_fen": form.payout_fee.number,
            "payout_second_admin_fen": form.payout_second_admin.number,
            "payout_cooldown_hours": form.payout_cooldown_hours.number,
        }
        try:
            _refuse_unreachable(form.mode.data)
            transaction(_write, changes, settings())
            return web.go(url_for("admin.settings.edit", saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(form, 422)


def _refuse_unreachable(mode: str) -> None:
    # Providers call back, and buyers keep links, by this address: a guess would lose real payments.
    if mode == "live" and not current_app.config["SHOP"].public_url_is_set:
        raise Refusal(
            N_("A live shop needs its public address: please start it with PUBLIC_URL=https://… first."), field="mode"
        )


def _write(tx: Connection, changes: dict[str, Any], settings: Settings) -> None:
    if changes["mode"] == "live" and not payments.list_offered(tx, live=True):
        raise Refusal(
            N_("A live shop needs a way to pay: please set up a channel that is not a test gateway first."),
            field="mode",
        )
    shop.change_settings(tx, **changes)
    catalog.refuse_short_hold(tx, changes["hold_days"])
    if changes["mode"] == "live":
        # Nobody shall pay real money for the invented codes of the sample.
        for product_id in settings.sample_products:
            catalog.unpublish(tx, product_id)
        shop.change_settings(tx, sample_products=[])


def _page(form: SettingsForm, status: int = 200) -> Response:
    page = render_template("admin/settings/edit.html", form=form, present=settings(), saved="saved" in request.args)
    return make_response(page, status)
