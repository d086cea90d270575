"""A build that answers `success` first and does the work a moment later: the crash test has to find what it loses."""

import threading
import time
from collections.abc import Callable, Iterable

from app import create_app

DELAY_SECONDS = 0.1
shop = create_app()


def app(environ: dict, start_response: Callable) -> Iterable[bytes]:
    if not environ["PATH_INFO"].startswith("/hooks/payments/"):
        return shop(environ, start_response)
    later = {"path": environ["PATH_INFO"], "query_string": environ["QUERY_STRING"], "base_url": "http://127.0.0.1"}
    threading.Thread(target=_work, args=(later,), daemon=True).start()
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "7")])
    return [b"success"]


def _work(later: dict) -> None:
    time.sleep(DELAY_SECONDS)
    shop.test_client().get(**later)
