"""Field encryption with key ids, blind indexes, signed tokens: the only place where secrets are used.

`create_app` calls `install(prepare(...))` once; after that rooms call the functions here. Nothing here knows the web.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import BadData, TimestampSigner, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from app import clock
from app.keyfiles import Keys, VaultError, prepare

__all__ = [
    "CROCKFORD",
    "Keys",
    "Unreadable",
    "VaultError",
    "blind",
    "code",
    "digest",
    "install",
    "newest_kid",
    "open_sealed",
    "prepare",
    "random_bytes",
    "reload",
    "seal",
    "sign",
    "token",
    "unsign",
]

NONCE_BYTES = 12
_KID = re.compile(r"k[1-9][0-9]{0,3}", re.ASCII)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Invitations live for years in chats, so they have a key of their own that other tokens cannot touch.
OWN_KEYS = {"invite": "invite_sign", "link": "invite_sign"}
_keys: Keys | None = None
_source: Callable[[], Keys] | None = None


class Unreadable(VaultError):
    """A sealed value does not open: it was moved, changed, or its key is not here."""


def install(keys: Keys, source: Callable[[], Keys] | None = None) -> None:
    """Use `keys` in this process; `source` reads them anew when a value names one that came later, by a rotation."""
    global _keys, _source
    _keys, _source = keys, source


def reload() -> None:
    """Read the keys anew. What raises VaultError then leaves those that are installed."""
    global _keys
    if _source is not None:
        _keys = _source()


def newest_kid() -> str:
    """The id of the key that seals now."""
    return _installed().newest("field_enc")[0]


def _installed() -> Keys:
    if _keys is None:
        raise VaultError("The keys are not loaded yet.")
    return _keys


def seal(text: str, where: str) -> bytes:
    """Encrypt `text` for the one place `where` ("table:row:column"); the same bytes open nowhere else."""
    kid, key = _installed().newest("field_enc")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return kid.encode() + b"|" + nonce + AESGCM(key).encrypt(nonce, text.encode(), where.encode())


def open_sealed(sealed: bytes, where: str) -> str:
    """Decrypt what `seal(..., where)` made. Raises Unreadable for anything else."""
    kid, _, rest = bytes(sealed).partition(b"|")
    name = kid.decode("ascii", "replace")
    key = _installed().field_enc.get(name)
    if key is None and _KID.fullmatch(name):
        # Another process rotated the keys since this one began.
        reload()
        key = _installed().field_enc.get(name)
    if key is None:
        raise Unreadable(f"The value at {where} was sealed with a key that is not here.")
    try:
        return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], where.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"The value at {where} does not open.") from error


def blind(purpose: str, text: str) -> bytes:
    """A keyed fingerprint of 32 bytes by which `text` is found again without being stored; different for each purpose."""
    _, key = _installed().newest("blind_index")
    return hmac.digest(key, hashlib.sha256(purpose.encode()).digest() + text.encode(), "sha256")


def token(size: int = 32) -> str:
    """A random text of `size` bytes for an address or a cookie; 32 bytes are 256 bits."""
    return secrets.token_urlsafe(size)


def random_bytes(size: int) -> bytes:
    """Random bytes for a key that somebody else shall know too."""
    return secrets.token_bytes(size)


def code(length: int) -> str:
    """A random code of Crockford's base 32, five bits a character, without the letters that look like digits."""
    return "".join(CROCKFORD[byte & 31] for byte in secrets.token_bytes(length))


def digest(text: str) -> bytes:
    """The 32 bytes that are stored in place of a random token."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return clock.now()


def _serializer(purpose: str, kid: str, key: bytes, timed: bool) -> URLSafeSerializer | URLSafeTimedSerializer:
    options: dict[str, Any] = {
        "salt": f"{purpose}:{kid}:{'timed' if timed else 'lasting'}",
        "signer_kwargs": {"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    }
    return URLSafeTimedSerializer(key, signer=_Signer, **options) if timed else URLSafeSerializer(key, **options)


def sign(purpose: str, payload: object, *, timed: bool = False) -> str:
    """Write `payload` (plain JSON values) as a token that only `unsign` with the same purpose accepts.

    A lasting token is the same each time; a timed one holds the moment, for `unsign(..., max_age=seconds)`.
    """
    kid, key = _installed().newest(OWN_KEYS.get(purpose, "secret_key"))
    return f"{kid}.{_serializer(purpose, kid, key, timed).dumps(payload)!s}"


def unsign(purpose: str, text: object, *, max_age: int | None = None) -> Any | None:
    """The payload of a token, or None when it is not ours, not for this purpose, changed in any character, or too old."""
    if not isinstance(text, str) or not text.isascii():
        return None
    kid, _, body = text.partition(".")
    ring: dict[str, bytes] = getattr(_installed(), OWN_KEYS.get(purpose, "secret_key"))
    if kid not in ring or not _is_canonical(body):
        return None
    serializer = _serializer(purpose, kid, ring[kid], timed=max_age is not None)
    try:
        if isinstance(serializer, URLSafeTimedSerializer):
            return serializer.loads(body, max_age=max_age)
        return serializer.loads(body)
    except BadData:
        return None


def _is_canonical(body: str) -> bool:
    # The last base64 character has spare bits, and decoding skips foreign characters: two texts would be one signature.
    signature = body.rpartition(".")[2].encode()
    try:
        return base64_encode(base64_decode(signature)) == signature
    except BadData:
        return False
