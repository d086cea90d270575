"""The operator's log: one line an event, without secrets (guard: "Logs and error pages never hold them").

`time level request_id message`; a traceback is part of its line. Line breaks and other controls are escaped, so that nothing
that a visitor sends can begin a line of its own.
"""

import logging
import re
import sys
import time
from typing import TextIO

from flask import g, has_app_context

REMOVED = "[removed]"
_NAMES = (
    "key|apikey|secret|secrets|password|passwd|pwd|token|sign|signature|cookie|session|authorization|"
    "contact|email|phone|cards|codes|card_code|payee|nonce|seed"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # What SQLAlchemy and PostgreSQL add to an error: the values of the statement.
    (re.compile(r"\[parameters: .*?(?=\n\(Background|\Z)", re.DOTALL), f"[parameters: {REMOVED}]"),
    (re.compile(r"DETAIL: .*"), f"DETAIL: {REMOVED}"),
    (re.compile(r"-----BEGIN .*?(-----END [A-Z ]+-----|\Z)", re.DOTALL), REMOVED),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {REMOVED}"),
    (
        re.compile(
            rf"""((?:\b|_)(?:{_NAMES})["']?\s*(?:[=:]|%3D)\s*)(b?"[^"]*"|b?'[^']*'|[^\s&;,"'<>)}}\]]+)""",
            re.IGNORECASE,
        ),
        rf"\1{REMOVED}",
    ),
    # A key of ours for programs.
    (re.compile(r"tengka_[\w-]{8,}"), REMOVED),
    # Stripe's secrets say what they are, wherever they stand.
    (re.compile(r"\b(?:(?:sk|rk)_(?:live|test)|whsec)_[\w+/=*-]+"), REMOVED),
    (re.compile(r"AGE-SECRET-KEY-1\w+", re.IGNORECASE), REMOVED),
    # A Telegram bot's stands in the address itself.
    (re.compile(r"(?<!\d)\d{6,12}:[\w-]{30,}"), REMOVED),
    (re.compile(r"(/(?:i|welcome|passwords)/)[\w.~-]+"), rf"\1{REMOVED}"),
    (re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE), REMOVED),
    (re.compile(r"(?<![\w.])(?:\+?86[ -]?)?1[3-9][0-9]{9}(?![\w.])"), REMOVED),
)
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
# Line separators, and marks that turn the reading direction of a terminal.
_CONTROLS |= {code: f"\\u{code:04x}" for code in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_CONTROLS |= {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}


def scrub(text: str) -> str:
    """`text` without what looks like a secret, a signature or a contact."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class LineFormatter(logging.Formatter):
    """`2026-01-31T12:00:00Z INFO Ab3... message`, always one line, always scrubbed."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        request_id = g.get("request_id", "-") if has_app_context() else "-"
        text = scrub(super().format(record)).translate(_CONTROLS)
        return f"{moment} {record.levelname} {request_id} {text}"


def install(stream: TextIO | None = None) -> logging.Handler:
    """Send every log of this process through the formatter to `stream` (stderr). A second call replaces the first."""
    root = logging.getLogger()
    for handler in [*root.handlers]:
        if isinstance(handler.formatter, LineFormatter):
            root.removeHandler(handler)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # It writes the whole address of every request, and an epay query carries the merchant's key there.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # It says the same two lines whenever anybody asks for the schema's version.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return handler
