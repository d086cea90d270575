"""A forecast: who would earn what of a product as it stands in its form, and what would be left; nothing is saved."""

from flask import Blueprint, Response, make_response, render_template
from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectField

from app import catalog, payments, trade, web
from app.admin import labels
from app.admin.rewards import RatesForm
from app.db import db
from app.display import settings
from app.fields import Yuan
from app.trade import Goods

pages = Blueprint("forecasts", __name__, url_prefix="/forecasts")


class ForecastForm(RatesForm):
    price = Yuan(lazy_gettext("Price, yuan"), least_fen=1)
    cost = Yuan(lazy_gettext("What one costs you, yuan"), blank=True)
    category = SelectField(lazy_gettext("Category"), default="")
    commissionable = BooleanField(lazy_gettext("Distributors earn commission on it"))


@pages.post("", endpoint="create")
def create() -> Response:
    form = ForecastForm()
    form.category.choices = [("", ""), *((str(one.id), one.name) for one in catalog.list_categories(db.session))]
    told = _told(form) if form.validate_on_submit() else {"wrong": [field for field in form if field.errors]}
    page = "admin/forecasts/_figures.html" if web.wants_partial() else "admin/forecasts/show.html"
    response = make_response(render_template(page, labels=labels, **told))
    response.vary.add(web.REQUEST_TYPE)
    return response


def _told(form: ForecastForm) -> dict[str, object]:
    channels = [one for one in payments.list_offered(db.session, live=settings().is_live) if one.terms.fee_bps]
    dearest = max(channels, key=lambda one: one.terms.fee_bps, default=None)
    written = form.written()
    goods = Goods(
        form.price.number,
        form.cost.number,
        int(form.category.data) if form.category.data else None,
        form.commissionable.data,
        written[0, False],
        written[0, True],
    )
    fee_bps = dearest.terms.fee_bps if dearest else 0
    first, renewed = (
        trade.forecast(db.session, goods, settings(), fee_bps=fee_bps, renewal=renewal) for renewal in (False, True)
    )
    return {"first": first, "renewed": renewed, "channel": dearest, "goods": goods}
