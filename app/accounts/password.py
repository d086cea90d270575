"""Passwords: argon2id with OWASP's floor (19 MiB, two passes, one lane), common ones refused."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.errors import N_, Refusal

LEAST_CHARACTERS = 10
LEAST_CHARACTERS_STAFF = 12
MOST_CHARACTERS = 128

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Each hash takes 19 MiB and a core: more than two at once would let a stranger starve the shop.
_turns = threading.BoundedSemaphore(2)


class BadPassword(Refusal):
    """The password cannot be taken; the message says why."""


def least_characters(role: str) -> int:
    """How long the password of somebody with this role has to be: whoever runs the shop needs a longer one."""
    return LEAST_CHARACTERS if role == "buyer" else LEAST_CHARACTERS_STAFF


@cache
def _common() -> frozenset[str]:
    return frozenset(word for words in FREQUENCY_LISTS.values() for word in words)


def check_password(password: str, *, least: int = LEAST_CHARACTERS, own_words: tuple[str, ...] = ()) -> None:
    """Raise BadPassword unless it is long enough, not common, and not one of `own_words` (contact, shop's name)."""
    if len(password) < least:
        raise BadPassword(
            N_("Please choose a password of at least %(least)s characters."), field="password", least=least
        )
    if len(password) > MOST_CHARACTERS:
        raise BadPassword(
            N_("Please choose a password of at most %(most)s characters."), field="password", most=MOST_CHARACTERS
        )
    plain = password.lower()
    stem = plain.rstrip("0123456789!.")
    own = {word.lower() for word in own_words if word}
    if {plain, stem} & (_common() | own) or len(set(plain)) < 4 or "\x00" in plain:
        raise BadPassword(
            N_("This password is easy to guess. Please choose another, for example four unrelated words."),
            field="password",
        )


def hash_password(password: str) -> str:
    with _turns:
        return _hasher.hash(password)


@cache
def _nobody() -> str:
    return hash_password("nobody has this password")


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes the same time when there is no account (`password_hash` None)."""
    reference = password_hash or _nobody()
    try:
        with _turns:
            right = _hasher.verify(reference, password[:MOST_CHARACTERS])
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None and len(password) <= MOST_CHARACTERS
