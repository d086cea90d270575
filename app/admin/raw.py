"""What somebody sent, as text that does nothing: controls are spelled out, and the shop's own keys never appear."""

from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from app.payments import Account

HIDDEN = "••••••••"
# A shorter one would be found by chance in words that hold no key.
LEAST_CHARACTERS = 8


def secrets_of(account: Account) -> list[str]:
    """Every key of an account, and each line of those that have several."""
    names = [field.name for field in account.gateway.fields if field.is_secret] or ["key"]
    texts = [str(account.settings.get(name) or "") for name in names]
    lines = [line for text in texts for line in text.splitlines()]
    return sorted({one for one in (*texts, *lines) if len(one) >= LEAST_CHARACTERS}, key=len, reverse=True)


def inert(data: bytes, secrets: Iterable[str]) -> str:
    """Bytes as text for a page; what is no text is spelled out."""
    text = data.decode("utf-8", "backslashreplace")
    for secret in secrets:
        for spelled in (secret, quote(secret, safe=""), quote_plus(secret)):
            text = text.replace(spelled, HIDDEN)
    return "".join(one if one == "\n" or one.isprintable() else _spell(one) for one in text)


def _spell(one: str) -> str:
    return one.encode("unicode_escape").decode("ascii")
