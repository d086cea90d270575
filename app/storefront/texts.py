"""The small print: terms, privacy, refunds, and what to know before one buys. Versions that no longer hold can still be read."""

import re

from flask import Blueprint, abort, render_template, request
from flask_babel import get_locale, lazy_gettext

from app import catalog, shop
from app.db import db
from app.display import settings

pages = Blueprint("texts", __name__)
TITLES = {
    "terms": lazy_gettext("Terms"),
    "privacy": lazy_gettext("Privacy"),
    "refunds": lazy_gettext("Refunds"),
    "notice": lazy_gettext("Before you buy"),
}
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


@pages.get("/<any(terms,privacy,refunds,notice):kind>", endpoint="show")
def show(kind: str) -> str:
    latest = shop.latest_text(db.session, kind)
    asked = request.args.get("version", "")
    found = shop.text_version(db.session, kind, int(asked)) if _NUMBER.fullmatch(asked) else latest
    if found is None:
        abort(404)
    return render_template(
        "storefront/texts/show.html",
        kind=kind,
        title=TITLES[kind],
        text=found,
        latest=latest,
        body=catalog.render_markdown(found.read_in(str(get_locale()), settings())),
    )
