"""The payment inbox: every callback as it came, what was made of it, and the queue of money that no order took."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from app import payments, web
from app.admin import actors, labels
from app.admin.notice_forms import AttachForm, ClosingForm, ReasonForm, offer_outcomes
from app.admin.raw import inert, secrets_of
from app.admin.search import words
from app.cursor import read_cursor, write_cursor
from app.db import AnyRow, db
from app.payments import NoticeSearch, Verdict

pages = Blueprint("notices", __name__, url_prefix="/notices")
ONE = "/<int(max=2147483647):notice_id>"
LONGEST_WORDS = 64
VERDICTS = frozenset(verdict.value for verdict in Verdict)


@pages.get("", endpoint="index")
def index() -> Response:
    if request.args.get("queue"):
        found, last_id = payments.list_strays(db.session, before=read_cursor("admin.strays"))
        return _list("admin/notices/_queue.html", strays=found, following=write_cursor("admin.strays", last_id))
    wanted, kept, channels = asked()
    found, last_id = payments.search_notices(db.session, wanted, before=read_cursor("admin.notices"))
    return _list(
        "admin/notices/_rows.html",
        notices=found,
        channels=channels,
        kept=kept,
        following=write_cursor("admin.notices", last_id),
    )


def asked() -> tuple[NoticeSearch, dict[str, str | None], list[payments.Account]]:
    """What the list is narrowed to, for the search and for links; and the channels there are."""
    channels = payments.list_channels(db.session)
    verdict, slug = request.args.get("verdict"), request.args.get("channel")
    verdict = verdict if verdict in VERDICTS else None
    channel = next((one for one in channels if one.slug == slug), None)
    wanted = NoticeSearch(words(LONGEST_WORDS), verdict, channel.id if channel else None)
    return (
        wanted,
        {"q": wanted.words or None, "verdict": verdict, "channel": channel.slug if channel else None},
        channels,
    )


def _list(partial: str, **shown: Any) -> Response:
    return web.page_or_partial("admin/notices/index.html", partial, rows=partial, labels=labels, **shown)


def notice_or_404(notice_id: int) -> AnyRow:
    row = payments.find_notice(db.session, notice_id)
    if row is None:
        abort(404)
    return row


@pages.get(ONE, endpoint="show")
def show(notice_id: int) -> Response:
    return render_notice(notice_or_404(notice_id))


def stray_of(row: AnyRow) -> AnyRow | None:
    """The entry of the queue that a notice is about: its own, or that of the same transfer."""
    notice = row.KeptNotice
    return payments.stray_of_notice(db.session, notice.first_id or notice.id) or payments.find_stray(
        db.session, notice.channel_id, notice.trade_number
    )


def render_notice(row: AnyRow, forms: dict[str, Any] | None = None, status: int = 200) -> Response:
    """One notice with what was done about it; a form that was refused comes back under its step."""
    notice, stray = row.KeptNotice, stray_of(row)
    account = payments.channel_by_id(db.session, notice.channel_id)
    secrets = secrets_of(account)
    first_id = stray.notice_id if stray else notice.first_id or notice.id
    decisions = payments.decisions_of_notice(db.session, first_id)
    forms = {"attach": AttachForm(formdata=None), "closing": ClosingForm(formdata=None)} | (forms or {})
    if stray is not None:
        offer_outcomes(forms["closing"], stray)
    page = render_template(
        "admin/notices/show.html",
        row=row,
        notice=notice,
        stray=stray,
        raw={name: inert(bytes(getattr(notice, name)), secrets) for name in ("query", "body")},
        headers=inert(notice.headers.encode(), secrets),
        reason=inert(notice.reason.encode(), secrets),
        decisions=decisions,
        actors=actors.names(one.actor for one in decisions),
        repeats=payments.repeats_of(db.session, notice),
        can_return=account.can_refund,
        can_replay=notice.source in ("callback", "return", "replay") and notice.words_hash is None,
        forms={name: ReasonForm(formdata=None) for name in ("return", "replay")} | forms,
        replayed=request.args.get("replayed") if request.args.get("replayed") in VERDICTS else None,
        labels=labels,
    )
    return make_response(page, status)
