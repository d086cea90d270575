"""The handlers that callbacks over HTTP are measured against: the same server, one transaction of the driver, and nothing else."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.raw import Same, Ten

_folder = Path(os.environ["INSTANCE"])
_limits = {"/same": Same(_folder / "same.sqlite3", _folder / "writes.pickle"), "/ten": Ten(_folder / "ten.sqlite3")}


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    limit = _limits.get(environ["PATH_INFO"])
    if limit is not None:
        limit.pay()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "7")])
    return [b"success"]
