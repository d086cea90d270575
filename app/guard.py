"""What every request and every answer must have: an id, a known host, safe headers, safe cookies."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app import vault
from app.config import Config
from app.cookies import cookie_name, device_hash, drop_cookie, read_cookie, remember_device, set_cookie
from app.web import REQUEST_TYPE

__all__ = ["cookie_name", "device_hash", "drop_cookie", "read_cookie", "register", "remember_device", "set_cookie"]

MEBIBYTE = 1024 * 1024
NOTICE_BYTES = 64 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HOOKS = "/hooks/"
HEADERS = {
    # The server in front of us would name itself; a word that tells nothing takes its place.
    "Server": "shop",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(),microphone=(),geolocation=(),payment=()",
}
HSTS = "max-age=31536000"
FOREVER = "public, max-age=31536000, immutable"


def register(app: Flask, config: Config) -> None:
    """Guard `app`. Comes before every other before_request and after_request, so that it looks first and has the last word."""
    _configure(app, config)
    policy = content_security_policy(config)

    @app.before_request
    def _begin() -> None:
        g.request_id = vault.token(9)
        _refuse_odd_methods()
        if request.path.startswith(HOOKS):
            request.max_content_length = NOTICE_BYTES
        else:
            _refuse_foreign_writes()

    @app.after_request
    def _finish(response: Response) -> Response:
        remember_device(response)
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        response.headers["Content-Security-Policy"] = policy
        response.headers.update(HEADERS)
        response.headers["Referrer-Policy"] = (
            "no-referrer" if g.get("secret_in_address") else "strict-origin-when-cross-origin"
        )
        if config.is_https:
            response.headers["Strict-Transport-Security"] = HSTS
        _say_when_to_return(response)
        _say_who_may_keep_it(response)
        return response


def content_security_policy(config: Config) -> str:
    """The policy of the table: nothing inline, nothing evaluated, scripts from here and htmx's one address.

    `form-action` also governs redirects after a POST, so buyers reach a gateway through a link and it needs no entry.
    """
    htmx = urlsplit(config.htmx_url)
    scripts = f" {htmx.scheme}://{htmx.netloc}{htmx.path}" if htmx.netloc else ""
    if any(character in scripts for character in ";,\r\n\"'") or scripts.count(" ") > 1:
        raise ValueError("the address of htmx cannot stand in a content security policy")
    policy = (
        f"default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
        "manifest-src 'self'"
    )
    return f"{policy}; upgrade-insecure-requests" if config.is_https else policy


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="__Host-s" if config.is_https else "s",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_DOMAIN=None,
        SESSION_REFRESH_EACH_REQUEST=False,
        # The longest that a merchant may set; the session's row says when it ends.
        PERMANENT_SESSION_LIFETIME=90 * 86400,
        PREFERRED_URL_SCHEME=urlsplit(config.public_url).scheme,
        TRUSTED_HOSTS=[urlsplit(config.public_url).hostname] if config.public_url_is_set else None,
        # Routes that take more, such as a picture, make room for themselves.
        MAX_CONTENT_LENGTH=MEBIBYTE,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=200,
    )
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0)  # type: ignore[method-assign]


def _refuse_odd_methods() -> None:
    if request.method in ("TRACE", "TRACK", "CONNECT"):
        abort(405)


def _refuse_foreign_writes() -> None:
    # The csrf token is the first guard; a browser that says outright that another site sent the form is not asked for it.
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(403)


def _say_when_to_return(response: Response) -> None:
    # Flask-Limiter writes Retry-After on every limited answer; it means something on a refusal only.
    seconds = g.get("retry_after_seconds")
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    elif response.status_code not in (429, 503):
        response.headers.pop("Retry-After", None)


def _say_who_may_keep_it(response: Response) -> None:
    if (request.endpoint or "").rpartition(".")[2] == "static" and response.status_code in (200, 206, 304):
        response.headers["Cache-Control"] = FOREVER if request.args.get("v") else "no-cache"
    elif not response.cache_control.public:
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.update(("Cookie", REQUEST_TYPE))
