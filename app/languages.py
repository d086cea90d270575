"""Which language a visitor reads: `?lang=`, then the cookie, then what the browser asks for, then Chinese."""

from flask import Response, request

from app.cookies import read_cookie, set_cookie

LOCALES = ("zh_CN", "en")
DEFAULT = LOCALES[0]
COOKIE = "lang"
YEAR = 365 * 86400


def locale() -> str:
    """The locale of this request."""
    return _known(request.args.get("lang")) or _known(read_cookie(COOKIE)) or _asked() or DEFAULT


def remember(response: Response) -> Response:
    """Keep a language that was chosen by `?lang=`."""
    chosen = _known(request.args.get("lang"))
    if chosen and chosen != read_cookie(COOKIE):
        set_cookie(response, COOKIE, chosen, YEAR)
    return response


def _known(tag: str | None) -> str | None:
    # Browsers say zh-CN, zh-Hans-CN, zh-TW or zh; all of them read our Chinese.
    primary = (tag or "").replace("_", "-").partition("-")[0].lower()
    return next((name for name in LOCALES if name.partition("_")[0] == primary), None)


def _asked() -> str | None:
    wishes = (_known(tag) for tag, quality in request.accept_languages if quality > 0)
    return next(filter(None, wishes), None)
