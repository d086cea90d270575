"""What an account with somebody else consists of, such as a provider's or a mail server's: how a form asks for it, and how it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import N_, Refusal


@dataclass(frozen=True)
class Field:
    """A setting of an account, as a form asks for it. Texts are English msgids.

    `kind` is 'line', 'address' (an https address), 'host' (a server's name), 'secret', 'text' (several lines), 'secret_text', 'choice', 'choices' or 'switch'.
    Secrets are written and never read back; a changed address or host wants them anew, so that none is sent to a stranger. One that
    `is_drawn` is proposed by the shop, and can be read until it is saved.
    """

    name: str
    label: str
    kind: str = "line"
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    default: Any = None
    most: int = 300
    is_drawn: bool = False

    @property
    def is_secret(self) -> bool:
        return self.kind in ("secret", "secret_text")


def merge(fields: Sequence[Field], known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The settings after a form was sent: an empty secret keeps the one that is there. Raises Refusal beside the field."""
    secrets = [one.name for one in fields if one.is_secret]
    for one in fields:
        before = known.get(one.name, "")
        is_moved = one.kind in ("address", "host") and told.get(one.name, before) != before
        for secret in secrets:
            if is_moved and known.get(secret) and not told.get(secret):
                # The old key must not be sent to a new address.
                raise Refusal(N_("The address changed. Please enter the key once more."), field=secret)
    return {**known, **{key: value for key, value in told.items() if key not in secrets or value}}
