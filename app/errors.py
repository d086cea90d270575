"""Refusal, the expected "no", told to a visitor in words. How it becomes a page stands in app/error_pages.py.

Rooms raise refusals and must not know the web, so nothing here imports flask until a page asks for the words.
"""


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark `message` for translation; it is translated where it is shown."""
    return message


def in_words(message: str, /, **values: object) -> str:
    """A marked message in the visitor's language, or in English outside a request."""
    from flask import has_request_context
    from flask_babel import gettext

    if has_request_context():
        return str(gettext(message, **values))
    return message % values if values else message


class Refusal(Exception):
    """A rule says no. `message` is an English msgid with %(name)s places, `field` the form field it belongs to.

    Subclasses stand beside their rule and set `status` (404, 409, ...); `retry_after_seconds` tells a client when to return.
    """

    status = 422
    retry_after_seconds: int | None = None

    def __init__(self, message: str, /, field: str | None = None, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.values = values

    def text(self) -> str:
        """The message in the visitor's language, or in English outside a request."""
        return in_words(self.message, **self.values)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class Busy(Refusal):
    """Too much is going on at this moment; nothing was changed, and the same request may succeed soon."""

    status = 503
    retry_after_seconds = 5
