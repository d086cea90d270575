"""The key files of a shop: made on the first start, checked on every start (guard: "Key files", "Rotation").

Each name is a ring: the file `<name>` is key k1, `<name>.k2` and later files are added by a rotation. The newest key
signs and seals, the older ones still verify and open.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

LENGTHS = {"secret_key": 64, "csrf": 64, "invite_sign": 64, "field_enc": 32, "blind_index": 32}
# A rotated index would no longer find what was stored under the old one.
NEVER_ROTATED = frozenset({"blind_index"})
SHORTEST = 32
# Words of keys that were published in examples and tutorials; random bytes do not spell them.
KNOWN_BAD_WORDS = (
    b"secret",
    b"change-me",
    b"changeme",
    b"change_me",
    b"password",
    b"default",
    b"example",
    b"your-",
    b"your_",
    b"insecure",
)
KNOWN_BAD = frozenset({b"192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"})

_LATER = re.compile(r"\.k[1-9][0-9]{0,3}", re.ASCII)

Ring = dict[str, bytes]


class VaultError(Exception):
    """One clear sentence for the person who runs the shop."""


@dataclass(frozen=True)
class Keys:
    """Every key of the shop, by key id, oldest first. Nothing of it shows in a repr, so that no log can hold it."""

    secret_key: Ring = field(repr=False)
    csrf: Ring = field(repr=False)
    invite_sign: Ring = field(repr=False)
    field_enc: Ring = field(repr=False)
    blind_index: Ring = field(repr=False)

    def newest(self, name: str) -> tuple[str, bytes]:
        """The key id and the key with which `name` signs or seals now."""
        ring: Ring = getattr(self, name)
        return list(ring.items())[-1]

    @property
    def session_key(self) -> bytes:
        """What Flask calls SECRET_KEY."""
        return self.newest("secret_key")[1]

    @property
    def session_key_fallbacks(self) -> list[bytes]:
        """What Flask calls SECRET_KEY_FALLBACKS."""
        return list(self.secret_key.values())[-2::-1]


def prepare(instance: Path, database_is_empty: bool, environment: Mapping[str, str] | None = None) -> Keys:
    """Load the keys from `instance`/keys or the files named by SECRET_KEY_FILE, FIELD_ENC_FILE, ...; make what is missing.

    Raises VaultError when a key is missing although the database has data, is short, well known, used twice, or readable
    by other users of the machine.
    """
    environment = os.environ if environment is None else environment
    folder = instance / "keys"
    try:
        _make_folder(folder)
        rings = {name: _ring(folder, name, database_is_empty, environment) for name in LENGTHS}
    except OSError as error:
        raise VaultError(f"The key folder {folder} cannot be used: {error.strerror or error}.") from error
    _refuse_twins(rings)
    return Keys(**rings)


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise VaultError(f"Other users of this machine can look into {folder}: run chmod 700 {folder}.")


def _ring(folder: Path, name: str, database_is_empty: bool, environment: Mapping[str, str]) -> Ring:
    named = environment.get(f"{name.upper()}_FILE")
    path = Path(named) if named else folder / name
    if not path.exists():
        if named or not database_is_empty:
            _missing(path, name)
        _make(path, LENGTHS[name])
    ring = {"k1": _read(path, name)}
    for later in sorted(path.parent.glob(f"{path.name}.k*"), key=lambda file: (len(file.name), file.name)):
        if _LATER.fullmatch(later.suffix) and name not in NEVER_ROTATED:
            ring[later.suffix[1:]] = _read(later, name)
    return ring


def files(instance: Path, environment: Mapping[str, str] | None = None) -> dict[str, Path]:
    """Every key file that is there, by the name that it has in the key folder ("field_enc", "field_enc.k2")."""
    found = {}
    for name in LENGTHS:
        first = place_of(name, instance, environment)
        if first.is_file():
            found[name] = first
        for path in sorted(first.parent.glob(f"{first.name}.k*")):
            if _LATER.fullmatch(path.name[len(first.name) :]):
                found[name + path.name[len(first.name) :]] = path
    return found


def place_of(file_name: str, instance: Path, environment: Mapping[str, str] | None = None) -> Path:
    """Where the key file of that name belongs: beside the one that the environment names, else in the key folder."""
    name, dot, kid = file_name.partition(".")
    if name not in LENGTHS or (dot and not _LATER.fullmatch(dot + kid)):
        raise VaultError(f"There is no key called {file_name}.")
    named = (os.environ if environment is None else environment).get(f"{name.upper()}_FILE")
    first = Path(named) if named else instance / "keys" / name
    return first.with_name(first.name + dot + kid)


def add(instance: Path, name: str, environment: Mapping[str, str] | None = None) -> str:
    """Make one more key of the ring `name`, the newest from now on, and return its id."""
    assert name in LENGTHS, name
    assert name not in NEVER_ROTATED, name
    ring = [file.partition(".")[2] or "k1" for file in files(instance, environment) if file.partition(".")[0] == name]
    kid = f"k{1 + max(int(one[1:]) for one in ring)}"
    _make(place_of(f"{name}.{kid}", instance, environment), LENGTHS[name])
    return kid


def _missing(path: Path, name: str) -> NoReturn:
    raise VaultError(
        f"The key file {path} is missing, and what the database holds is lost without it: restore {name} from the backup."
    )


def _make(path: Path, length: int) -> None:
    # Written whole beside its place and then linked: a reader never sees half a key, and of two makers one wins.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(length))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path, name: str) -> bytes:
    if path.stat().st_mode & 0o077:
        raise VaultError(f"Other users of this machine can read the key file {path}: run chmod 600 {path}.")
    key = path.read_bytes()
    if len(key) < SHORTEST:
        raise VaultError(f"The key in {path} is too short: {SHORTEST} random bytes are the least.")
    if name == "field_enc" and len(key) != LENGTHS[name]:
        raise VaultError(f"The key in {path} must be exactly {LENGTHS[name]} bytes long.")
    if key.strip() in KNOWN_BAD or len(set(key)) < 8 or any(word in key.lower() for word in KNOWN_BAD_WORDS):
        raise VaultError(f"The key in {path} is well known or easy to guess: replace it by random bytes.")
    return key


def _refuse_twins(rings: Mapping[str, Ring]) -> None:
    owners: dict[bytes, str] = {}
    for name, ring in rings.items():
        for key in ring.values():
            if owners.setdefault(key.strip(), name) != name or list(ring.values()).count(key) > 1:
                raise VaultError(
                    f"The keys {owners[key.strip()]} and {name} are the same: each needs random bytes of its own."
                )
