"""Callbacks of payment gateways: `/hooks/payments/<channel>`, by GET or POST as each protocol wants."""

from flask import Blueprint, Response, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from app import clock, payments, throttle, trade
from app.db import db
from app.display import settings
from app.payments import Verdict

pages = Blueprint("payments", __name__)
# What protocols sign beside the body: WeChat Pay's and Stripe's.
SIGNED_HEADERS = ("wechatpay-", "stripe-signature")
FORGED_LIMIT = "30/minute"
TOO_LARGE = b"(more than 64 KiB, not read)"


@pages.route("/hooks/payments/<slug>", methods=["GET", "POST"], endpoint="create")
def create(slug: str) -> Response:
    """Take a callback in. A channel that is switched off still listens, for orders made before; one without keys does not."""
    channel = payments.channel_by_slug(db.session, slug)
    if channel is None or not payments.listens(channel, live=settings().is_live):
        abort(404)
    notice = _notice()
    reading = channel.read(notice, clock.now())
    # Only what does not verify is limited: behind a proxy all providers may share one address with whoever floods it.
    if reading.verdict != "valid" and not throttle.within(FORGED_LIMIT, "forged", throttle.address()):
        abort(429)
    verdict = trade.receive(channel, notice, clock.now(), reading)
    body, content_type = channel.gateway.acknowledge(not verdict.is_refused and verdict is not Verdict.FAILED)
    status = 400 if verdict.is_refused else 503 if verdict is Verdict.FAILED else 200
    response = Response(body, status, content_type=content_type)
    if status == 503:
        g.retry_after_seconds = 5
    return response


def _notice() -> payments.Notice:
    try:
        body = request.get_data(cache=False, parse_form_data=False)
    except RequestEntityTooLarge:
        body = TOO_LARGE
    return payments.Notice(
        source="callback",
        method=request.method,
        content_type=request.content_type or "",
        query=request.query_string,
        body=body,
        address=throttle.address(),
        request_id=g.request_id,
        headers={name.lower(): value for name, value in request.headers if name.lower().startswith(SIGNED_HEADERS)},
    )
