"""The merchant's own receiving codes: one picture for each way to pay. Changing one changes where money goes."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import PasswordField, RadioField, SelectChoice

from app import clock, hearing, payments, trade, visit, web
from app.admin import labels
from app.admin.forms import put_beside
from app.db import db, transaction
from app.errors import N_, Refusal
from app.fields import Form
from app.noting import Line, noted
from app.payments import Account

pages = Blueprint("receiving_codes", __name__, url_prefix="/channels/<slug>/codes")
pages.url_value_preprocessor(hearing.make_room)


class ReceivingCodeForm(Form):
    method = RadioField(lazy_gettext("Way to pay"))
    picture = hearing.picture()
    password = PasswordField(lazy_gettext("Your password"), render_kw={"autocomplete": "current-password"})

    def offer(self, channel: Account) -> None:
        """Let the merchant choose among the channel's ways to pay."""
        self.method.choices = [SelectChoice(method, labels.METHODS[method]) for method in channel.methods]
        if self.method.data is None:
            self.method.data = channel.methods[0]


def _channel_or_404(slug: str) -> Account:
    channel = payments.channel_by_slug(db.session, slug)
    if channel is None or channel.gateway.name != trade.MANUAL:
        abort(404)
    return channel


@pages.get("", endpoint="index")
def index(slug: str) -> Response:
    return _page(_channel_or_404(slug), ReceivingCodeForm(formdata=None))


@pages.post("", endpoint="create")
def create(slug: str) -> Response:
    """Put up a code, in the place of the one that was there."""
    channel, form = _channel_or_404(slug), ReceivingCodeForm()
    form.offer(channel)
    if form.validate_on_submit() and _knows_password(form):
        try:
            picture = hearing.read_picture()
            if picture is None:
                raise Refusal(N_("Please choose a picture."), field="picture")
            said = Line("receiving_code.create", f"channel:{slug}", now={form.method.data: "changed"})
            transaction(
                noted(said, payments.save_receiving_code), channel.id, form.method.data, picture.data, clock.now()
            )
            return web.go(url_for("admin.receiving_codes.index", slug=slug, saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(channel, form, 422)


@pages.get("/<method>", endpoint="show")
def show(slug: str, method: str) -> Response:
    picture = payments.receiving_code(db.session, _channel_or_404(slug).id, method)
    if picture is None:
        abort(404)
    response = make_response(picture)
    response.content_type = "image/jpeg"
    return response


def _knows_password(form: ReceivingCodeForm) -> bool:
    if visit.knows_password(form.password.data):
        return True
    form.password.errors = [_("This is not your present password.")]
    return False


def _page(channel: Account, form: ReceivingCodeForm, status: int = 200) -> Response:
    form.offer(channel)
    page = render_template(
        "admin/receiving_codes/index.html",
        channel=channel,
        form=form,
        codes=payments.receiving_codes(db.session, channel.id),
        names=labels.METHODS,
        saved="saved" in request.args,
    )
    return make_response(page, status)
