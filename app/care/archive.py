"""An archive: files packed with tar and gzip and encrypted as age does it, so that the age program opens it too. All of it streams."""

import gzip
import hashlib
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyrage

from app.errors import N_, Refusal

SUFFIX = ".tar.gz.age"
SECRET_PREFIX = "AGE-SECRET-KEY-1"  # noqa: S105 - how every recovery key begins
# The age program's own form for passphrases is sealed in memory.
MOST_PASSPHRASE_BYTES = 512 * 1024 * 1024
LEAST_PASSPHRASE = 20
CHUNK = 1024 * 1024
# Databases of codes hardly shrink at all; the quickest level takes most of what there is to take.
LEVEL = 3
_BY_PASSPHRASE = b"age-encryption.org/v1\n-> scrypt "


class Unopened(Refusal):
    """The archive does not open: another key, or it is not whole."""


def draw_recovery_key() -> tuple[str, str]:
    """A new recovery key, which only its owner keeps, and the public recipient that backups are encrypted for."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_of(recovery_key: str) -> str:
    """The recipient that belongs to a recovery key. Raises Unopened."""
    try:
        return str(pyrage.x25519.Identity.from_str(recovery_key.strip()).to_public())
    except pyrage.IdentityError:
        raise Unopened(N_("This is no recovery key: one begins with AGE-SECRET-KEY-1.")) from None


def check_recipient(text: str) -> str:
    """A recipient as somebody typed it. Raises Refusal."""
    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip()))
    except pyrage.RecipientError:
        raise Refusal(N_("This is no recipient: one begins with age1.")) from None


def check_passphrase(text: str) -> str:
    """A passphrase that nobody guesses. Raises Refusal."""
    if len(text) < LEAST_PASSPHRASE:
        raise Refusal(
            N_("A passphrase needs %(least)s characters or more, better several words."), least=LEAST_PASSPHRASE
        )
    return text


def pack(
    files: Iterable[tuple[str, Path]], target: Path, *, recipient: str = "", passphrase: str = ""
) -> tuple[int, str]:
    """Write the files into an archive at `target` (which must not exist); its size and the SHA-256 of what was written."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        out = _Hashed(file)
        if passphrase:
            plain = io.BytesIO()
            _write_tar(files, plain)
            if plain.tell() > MOST_PASSPHRASE_BYTES:
                raise Refusal(N_("The shop is too large for a passphrase. Please use a recovery key."))
            out.write(pyrage.passphrase.encrypt(plain.getvalue(), passphrase))
        else:
            with _flowing(lambda pipe: _write_tar(files, pipe)) as reader:
                pyrage.encrypt_io(reader, out, [pyrage.x25519.Recipient.from_str(recipient)])
        file.flush()
        os.fsync(file.fileno())
        return out.size, out.sha256.hexdigest()


class _Hashed:
    def __init__(self, file: BinaryIO) -> None:
        self.file, self.size, self.sha256 = file, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.file.write(data)
        self.size += len(data)
        self.sha256.update(data)
        return len(data)

    def flush(self) -> None:
        self.file.flush()


def _write_tar(files: Iterable[tuple[str, Path]], out: BinaryIO) -> None:
    with (
        gzip.GzipFile(fileobj=out, mode="wb", compresslevel=LEVEL, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        for name, path in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = path.stat().st_size, 0o600
            with path.open("rb") as content:
                tar.addfile(entry, content)


@contextmanager
def _flowing(write: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """What `write` writes, to be read meanwhile; what it raises is raised here in the end."""
    failed: list[BaseException] = []
    read_end, write_end = os.pipe()

    def run() -> None:
        try:
            with suppress(BrokenPipeError), os.fdopen(write_end, "wb", CHUNK) as pipe:
                write(pipe)
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that waits for it
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(read_end, "rb", CHUNK) as reader:
            yield reader
    except Exception:
        # A reader who finds too little has been told too little: why, the writer knows.
        thread.join()
        if failed:
            raise failed[0] from None
        raise
    thread.join()
    if failed:
        raise failed[0]


def unpack(archive: Path, secret: str, folder: Path) -> None:
    """Open an archive with a recovery key or a passphrase into an empty folder. Raises Unopened."""
    try:
        with _flowing(lambda pipe: _decrypt(archive, secret.strip(), pipe)) as reader:
            _read_tar(reader, folder)
            # What tar does not read is read too, so that a damaged end is seen.
            while reader.read(CHUNK):
                pass
    except (pyrage.DecryptError, tarfile.TarError, EOFError, gzip.BadGzipFile) as error:
        raise _unopened(error) from None
    except OSError as error:
        # pyrage says so of a damaged file, without a number.
        if error.errno is None:
            raise _unopened(error) from None
        raise


def _unopened(error: Exception) -> Unopened:
    if "No matching keys" in str(error) or (isinstance(error, pyrage.DecryptError) and "decrypt" in str(error).lower()):
        return Unopened(N_("This key does not open the backup: it was made for another one."))
    return Unopened(N_("The backup is damaged or not whole. Please try another copy of it."))


def _decrypt(archive: Path, secret: str, out: BinaryIO) -> None:
    with archive.open("rb") as file:
        if file.read(len(_BY_PASSPHRASE)) == _BY_PASSPHRASE:
            file.seek(0)
            out.write(pyrage.passphrase.decrypt(file.read(), secret))
            return
        file.seek(0)
        try:
            identity = pyrage.x25519.Identity.from_str(secret)
        except pyrage.IdentityError:
            raise Unopened(N_("This is no recovery key: one begins with AGE-SECRET-KEY-1.")) from None
        pyrage.decrypt_io(file, out, [identity])


def _read_tar(reader: BinaryIO, folder: Path) -> None:
    with gzip.GzipFile(fileobj=reader, mode="rb") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        for entry in tar:
            # Whoever knows the recipient can make an archive: nothing in it may lead out of the folder.
            name = PurePosixPath(entry.name)
            if not entry.isreg() or name.is_absolute() or ".." in name.parts:
                raise Unopened(N_("The backup holds what no backup of a shop holds."))
            target = folder / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            content = tar.extractfile(entry)
            assert content is not None
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                while chunk := content.read(CHUNK):
                    file.write(chunk)
