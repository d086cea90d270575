"""Channels: the accounts through which money comes. Keys are written here and never shown."""

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for

from app import clock, payments, web
from app.admin.channel_form import ChannelForm, EpayForm
from app.admin.forms import put_beside
from app.db import db, transaction
from app.display import percent, settings
from app.errors import Refusal
from app.payments import Account, Channel

pages = Blueprint("channels", __name__, url_prefix="/channels")


def _channel_or_404(slug: str) -> Account:
    channel = payments.channel_by_slug(db.session, slug)
    if channel is None:
        abort(404)
    return channel


def _callback(slug: str) -> str:
    return str(current_app.config["SHOP"].public_url) + url_for("hooks.payments.create", slug=slug)


@pages.get("", endpoint="index")
def index() -> str:
    channels = payments.list_channels(db.session)
    return render_template(
        "admin/channels/index.html",
        channels=channels,
        offered={channel.slug for channel in payments.list_offered(db.session, live=settings().is_live)},
        callbacks={channel.slug: _callback(channel.slug) for channel in channels},
    )


@pages.get("/new", endpoint="new")
def new() -> str:
    form = EpayForm(formdata=None, slug="epay", methods=["alipay", "wxpay"])
    return render_template("admin/channels/new.html", form=form)


@pages.post("", endpoint="create")
def create() -> Response:
    form = EpayForm()
    if form.validate_on_submit():
        try:
            transaction(
                payments.create_channel,
                slug=form.slug.data,
                gateway="epay",
                settings=form.account,
                now=clock.now(),
                **form.terms,
            )
            return web.go(url_for("admin.channels.edit", slug=form.slug.data, saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return make_response(render_template("admin/channels/new.html", form=form), 422)


@pages.get("/<slug>/edit", endpoint="edit")
def edit(slug: str) -> Response:
    channel = _channel_or_404(slug)
    position = db.session.scalar(db.select(Channel.position).where(Channel.id == channel.id))
    common = {"name": channel.name, "enabled": channel.enabled, "position": str(position)}
    common |= {"fee": percent(channel.fee_bps), "hold_days": channel.hold_days}
    account = {key: value for key, value in channel.settings.items() if key != "key"}
    return _page(channel, _form(channel, formdata=None, data=common | account))


@pages.post("/<slug>", endpoint="update")
def update(slug: str) -> Response:
    channel = _channel_or_404(slug)
    form = _form(channel)
    if form.validate_on_submit():
        try:
            transaction(
                payments.change_channel,
                slug,
                settings={} if channel.gateway.is_test else form.account,
                **form.terms,
            )
            return web.go(url_for("admin.channels.edit", slug=slug, saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(channel, form, 422)


def _form(channel: Account, **options: object) -> ChannelForm:
    """The test gateway has nothing to fill in: its keys were made with it. Nobody's address of callbacks changes."""
    if channel.gateway.is_test:
        return ChannelForm(**options)
    form = EpayForm(**options)
    del form.slug
    return form


def _page(channel: Account, form: ChannelForm, status: int = 200) -> Response:
    page = render_template(
        "admin/channels/edit.html",
        channel=channel,
        form=form,
        callback=_callback(channel.slug),
        saved="saved" in request.args,
    )
    return make_response(page, status)
