"""Which language a visitor reads: `?lang=`, then the cookie, then what the browser asks for, then the shop's first."""

from collections.abc import Callable, Sequence

from flask import Flask, Response, current_app, request

from app.cookies import read_cookie, set_cookie

LOCALES = ("zh_CN", "en")
DEFAULT = LOCALES[0]
COOKIE = "lang"
YEAR = 365 * 86400
_OFFER = "languages"


def register(app: Flask, offer: Callable[[], Sequence[str]]) -> None:
    """Let `offer` say which locales the visitor of a request may read, the usual one first."""
    app.extensions[_OFFER] = offer


def offered() -> Sequence[str]:
    """The locales that this visitor may read, the usual one first."""
    offer: Callable[[], Sequence[str]] | None = current_app.extensions.get(_OFFER)
    return (offer() if offer else None) or LOCALES


def locale() -> str:
    """The locale of this request."""
    known = offered()
    return _known(request.args.get("lang")) or _known(read_cookie(COOKIE)) or _asked() or known[0]


def remember(response: Response) -> Response:
    """Keep a language that was chosen by `?lang=`."""
    chosen = _known(request.args.get("lang"))
    if chosen and chosen != read_cookie(COOKIE):
        set_cookie(response, COOKIE, chosen, YEAR)
    return response


def _known(tag: str | None) -> str | None:
    # Browsers say zh-CN, zh-Hans-CN, zh-TW or zh; all of them read our Chinese.
    if not tag:
        # Callbacks and files name no language, and read no settings for want of one.
        return None
    primary = tag.replace("_", "-").partition("-")[0].lower()
    return next((name for name in offered() if name.partition("_")[0] == primary), None)


def _asked() -> str | None:
    wishes = (_known(tag) for tag, quality in request.accept_languages if quality > 0)
    return next(filter(None, wishes), None)
