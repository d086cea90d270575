"""The shop's texts: each in two languages, saved as a new version and shown before that as it would look."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import Length

from app import audit, catalog, hearing, shop, web
from app.admin import actors
from app.admin.actors import who
from app.admin.forms import no_controls
from app.admin.setting_form import SettingForm, keep
from app.audit import Who
from app.db import db, transaction
from app.display import settings
from app.errors import N_, Refusal
from app.fields import Form

pages = Blueprint("texts", __name__, url_prefix="/texts")
KIND = "any(terms,privacy,refunds,notice)"
TITLES = {
    "terms": lazy_gettext("Terms"),
    "privacy": lazy_gettext("Privacy"),
    "refunds": lazy_gettext("Refunds"),
    "notice": lazy_gettext("Before you buy"),
}


def _body(label: object) -> TextAreaField:
    rules = [Length(max=shop.LONGEST_TEXT), no_controls]
    return TextAreaField(
        label, filters=[hearing.plain], validators=rules, render_kw={"rows": 18, "spellcheck": "false"}
    )


class TextForm(Form):
    zh = _body(lazy_gettext("In Chinese"))
    en = _body(lazy_gettext("In English"))
    seen = HiddenField()


class AcceptanceForm(SettingForm):
    accept_terms = BooleanField(lazy_gettext("Whoever buys accepts the terms first"))


@pages.get("", endpoint="index")
def index() -> str:
    return render_template(
        "admin/texts/index.html",
        titles=TITLES,
        texts=[shop.latest_text(db.session, kind) for kind in shop.TEXTS],
        form=AcceptanceForm.of(settings()),
        saved="saved" in request.args,
    )


@pages.post("", endpoint="accept")
def accept() -> Response:
    form = AcceptanceForm()
    if form.validate_on_submit():
        transaction(keep, "texts", form.changes, who())
    return web.go(url_for("admin.texts.index", saved=1))


@pages.get(f"/<{KIND}:kind>", endpoint="edit")
def edit(kind: str) -> Response:
    held = shop.latest_text(db.session, kind)
    return _page(kind, TextForm(formdata=None, zh=held.zh, en=held.en, seen=str(held.version)))


@pages.post(f"/<{KIND}:kind>", endpoint="update")
def update(kind: str) -> Response:
    """Save a new version; with `preview` nothing is saved, and the page shows how it would look."""
    form = TextForm()
    if not form.validate_on_submit():
        return _page(kind, form, 422)
    if "preview" in request.form:
        return _page(kind, form, preview=True)
    try:
        transaction(_save, kind, form.zh.data, form.en.data, form.seen.data, who())
    except Refusal as refusal:
        form.zh.errors = [*form.zh.errors, refusal.text()]
        return _page(kind, form, refusal.status)
    return web.go(url_for("admin.texts.edit", kind=kind, saved=1))


def _save(tx: Connection, kind: str, zh: str, en: str, seen: str, who: Who) -> None:
    before = shop.latest_text(tx, kind)
    if not zh and not en:
        raise Refusal(N_("Please write it in one language at least."))
    if (zh, en) == (before.zh.strip(), before.en.strip()):
        return
    seen_version = int(seen) if seen.isascii() and seen.isdigit() else -1
    version = shop.save_text(tx, kind, zh=zh, en=en, seen_version=seen_version, account_id=who.account_id, now=who.at)
    audit.record(tx, who, "text.update", f"text:{kind}", was={"version": before.version}, now={"version": version})


@pages.get(f"/<{KIND}:kind>/versions/<int(max=2147483647):version>", endpoint="show")
def show(kind: str, version: int) -> str:
    found = shop.text_version(db.session, kind, version) or abort(404)
    return render_template("admin/texts/show.html", title=TITLES[kind], text=found, shown=_rendered(found))


def _rendered(text: shop.Writing) -> dict[str, str]:
    return {locale: catalog.render_markdown(text.read_in(locale, settings())) for locale in ("zh_CN", "en")}


def _page(kind: str, form: TextForm, status: int = 200, *, preview: bool = False) -> Response:
    history = shop.text_history(db.session, kind)
    written = shop.Writing(kind, 0, form.zh.data or "", form.en.data or "")
    page = render_template(
        "admin/texts/edit.html",
        kind=kind,
        title=TITLES[kind],
        form=form,
        history=history,
        names=actors.names(f"account:{row.account_id}" for row in history if row.account_id),
        filled=shop.FILLED,
        shown=_rendered(written) if preview else None,
        saved="saved" in request.args,
    )
    return make_response(page, status)
