"""The extensions, made once and bound to an application by register()."""

from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from app import counters, languages, throttle
from app.config import Config
from app.db import db
from app.keyfiles import Keys
from app.schema import MIGRATIONS

babel = Babel()
compress = Compress()
csrf = CSRFProtect()
limiter = Limiter(
    key_func=throttle.address,
    storage_uri=f"{counters.SCHEME}://",
    strategy="fixed-window",
    headers_enabled=True,
    # Counters that cannot be read answer 503: a limit that opens when it breaks is no limit. Callbacks carry no such limit.
    swallow_errors=False,
)
login = LoginManager()
migrate = Migrate()


def register(app: Flask, config: Config, keys: Keys) -> None:
    """Give `app` its keys and extensions. Needs guard.register() first, whose cookie settings they use."""
    app.config.update(
        SECRET_KEY=keys.session_key,
        SECRET_KEY_FALLBACKS=keys.session_key_fallbacks,
        WTF_CSRF_SECRET_KEY=keys.newest("csrf")[1],
        # The token lives as long as the session it belongs to; an order page may stay open for hours.
        WTF_CSRF_TIME_LIMIT=None,
        # Pages with a secret in their address send no Referer; guard.py looks at Sec-Fetch-Site instead.
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_OPTIONS={"path": str(config.instance / "limits.sqlite3")},
        BABEL_DEFAULT_LOCALE=languages.DEFAULT,
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
    )
    csrf.init_app(app)
    babel.init_app(app, locale_selector=languages.locale)
    app.after_request(languages.remember)
    limiter.init_app(app)
    if app.config["RATELIMIT_ENABLED"]:
        app.extensions["throttle"] = limiter.limiter
    # Sessions are rows that a log-out ends at once; tying them to an address would throw out every phone that moves.
    login.session_protection = None
    login.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    compress.init_app(app)
