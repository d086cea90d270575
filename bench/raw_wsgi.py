"""The handler that callbacks over HTTP are measured against: the same server, the writes of one callback, and nothing else."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.raw import Raw

_raw = Raw(Path(os.environ["INSTANCE"]) / "raw.sqlite3")


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    query = environ["QUERY_STRING"]
    if query:
        _raw.pay(int(query))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "7")])
    return [b"success"]
