"""Channels: the accounts through which money comes. Keys are written here with the password and never shown."""

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, payments, web
from app.admin import looking
from app.admin.channel_form import ChannelForm, form_of, new_form_of
from app.admin.forms import put_beside
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.noting import Line, compared, noted
from app.payments import GATEWAYS, Account, Channel, Gateway, GatewayUnreachable, Trial

pages = Blueprint("channels", __name__, url_prefix="/channels")


def _channel_or_404(slug: str) -> Account:
    channel = payments.channel_by_slug(db.session, slug)
    if channel is None:
        abort(404)
    return channel


def _gateway_or_404(name: str | None) -> Gateway:
    gateway = GATEWAYS.get(name or "")
    if gateway is None or gateway.is_test:
        abort(404)
    return gateway


def _callback(slug: str) -> str:
    return str(current_app.config["SHOP"].public_url) + url_for("hooks.payments.create", slug=slug)


@pages.get("", endpoint="index")
def index() -> str:
    channels = payments.list_channels(db.session)
    return render_template(
        "admin/channels/index.html",
        channels=channels,
        offered={channel.slug for channel in payments.list_offered(db.session, live=settings().is_live)},
        silent=payments.SILENT,
        tested=payments.channels_tested(db.session),
        callbacks={channel.slug: _callback(channel.slug) for channel in channels},
    )


@pages.get("/new", endpoint="new")
def new() -> Response:
    """Which gateway, and then its form."""
    if "gateway" not in request.args:
        return make_response(render_template("admin/channels/choose.html", gateways=_choosable()))
    gateway = _gateway_or_404(request.args["gateway"])
    return _new_page(new_form_of(gateway)(formdata=None, slug=_free_slug(gateway), name=_(gateway.title)))


@pages.post("", endpoint="create")
def create() -> Response:
    form = new_form_of(_gateway_or_404(request.form.get("provider")))()
    if form.validate_on_submit() and form.knows_password():
        slug = form["slug"].data
        try:
            said = Line("channel.create", f"channel:{slug}", now={"gateway": form.provider.name, "keys": "changed"})
            transaction(
                noted(said, payments.create_channel),
                slug=slug,
                gateway=form.provider.name,
                settings=form.account,
                terms=form.terms,
                now=clock.now(),
                **form.place,
            )
            return web.go(url_for("admin.channels.edit", slug=slug, saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _new_page(form, 422)


@pages.get("/<slug>/edit", endpoint="edit")
def edit(slug: str) -> Response:
    channel = _channel_or_404(slug)
    return _page(channel, _filled(channel))


@pages.post("/<slug>", endpoint="update")
def update(slug: str) -> Response:
    channel = _channel_or_404(slug)
    form = form_of(channel.gateway)()
    if form.validate_on_submit() and (
        not form.differs(dict(channel.gateway.prepare(form.account)), channel.settings) or form.knows_password()
    ):
        try:
            around = compared(Line("channel.update", f"channel:{slug}"), lambda tx: looking.channel(tx, slug))
            transaction(around(payments.change_channel), slug, settings=form.account, terms=form.terms, **form.place)
            return web.go(url_for("admin.channels.edit", slug=slug, saved=1))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(channel, form, 422)


@pages.post("/<slug>/trials", endpoint="trial")
def trial(slug: str) -> Response:
    """Ask the provider something harmless with the keys that are kept."""
    channel = _channel_or_404(slug)
    if not channel.is_sound or channel.gateway.name in payments.SILENT:
        abort(404)
    try:
        tried = channel.gateway.try_keys(channel.settings, clock.now())
    except GatewayUnreachable as error:
        tried = Trial(False, str(error))
    if tried.works:
        transaction(noted(Line("channel.test", f"channel:{slug}"), payments.note_channel_tested), slug, clock.now())
    return _page(channel, _filled(channel), tried=tried)


def _choosable() -> list[Gateway]:
    return [gateway for gateway in GATEWAYS.values() if not gateway.is_test]


def _free_slug(gateway: Gateway) -> str:
    taken = {channel.slug for channel in payments.list_channels(db.session)}
    names = [gateway.name, *(f"{gateway.name}-{number}" for number in range(2, 100))]
    return next((name for name in names if name not in taken), "")


def _filled(channel: Account) -> ChannelForm:
    position = db.session.scalar(db.select(Channel.position).where(Channel.id == channel.id))
    common = {"name": channel.name, "enabled": channel.enabled, "position": str(position)}
    secrets = {one.name for one in channel.gateway.fields if one.is_secret}
    account = {key: value for key, value in channel.settings.items() if key not in secrets}
    form = form_of(channel.gateway)(formdata=None, data=common | account)
    form.show(channel.terms)
    return form


def _new_page(form: ChannelForm, status: int = 200) -> Response:
    shown = {"form": form, "gateway": form.provider, "inputs": form.inputs, "silent": payments.SILENT}
    page = render_template("admin/channels/new.html", **shown)
    return make_response(page, status)


def _page(channel: Account, form: ChannelForm, status: int = 200, *, tried: Trial | None = None) -> Response:
    page = render_template(
        "admin/channels/edit.html",
        channel=channel,
        form=form,
        inputs=form.inputs,
        callback=_callback(channel.slug),
        silent=payments.SILENT,
        saved="saved" in request.args,
        tried=tried,
    )
    return make_response(page, status)
