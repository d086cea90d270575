"""Wishes: which mails a distributor wants. None is sent that was not asked for."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import get_locale
from flask_login import current_user

from app import accounts, clock, outbox, web
from app.db import db, transaction
from app.errors import N_, Refusal

pages = Blueprint("wishes", __name__, url_prefix="/wishes")


def mails_leave() -> bool:
    """Whether the shop sends mails to distributors at all."""
    ways = [way for way in outbox.list_outlets(db.session) if way.enabled and way.carrier.name == "mail"]
    return any(way.carrier.topics(way.settings)["distributor"] for way in ways)


@pages.get("", endpoint="edit")
def edit() -> Response:
    mailbox = next((one for one in accounts.contacts_of(db.session, current_user.id) if "@" in one), None)
    page = render_template(
        "partner/wishes/edit.html",
        topics=outbox.TOPICS,
        chosen=outbox.wishes_of(db.session, current_user.id),
        mailbox=mailbox,
        mails_leave=mails_leave(),
        saved="saved" in request.args,
    )
    return make_response(page)


@pages.post("", endpoint="update")
def update() -> Response:
    """From now on these and no others; they are written in the language of this page."""
    topics = request.form.getlist("topic")
    if not set(topics) <= set(outbox.TOPICS):
        raise Refusal(N_("Please choose among what is offered."))
    locale = "en" if str(get_locale()).startswith("en") else "zh_CN"
    transaction(outbox.choose, current_user.id, topics, locale, clock.now())
    return web.go(url_for("partner.wishes.edit", saved=1))
