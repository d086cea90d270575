"""An authenticator: the app on somebody's phone that shows another six digits each half minute (TOTP, RFC 6238)."""

import hmac
import re
from base64 import b32encode

import pyotp
from sqlalchemy import BigInteger, CheckConstraint, Connection, ForeignKey, LargeBinary, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import Model, Reader, table

STEP_SECONDS = 30
# RFC 4226 recommends 160 bits.
SEED_BYTES = 20
PLACE = "authenticator:{account_id}:seed"
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


class Authenticator(Model):
    __tablename__ = "authenticator"
    __table_args__ = (CheckConstraint("(seed_sealed IS NULL) = (confirmed_at IS NULL)", name="confirmed"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    # Shown to whoever sets the app up, and not answered with a code yet; the one before it serves until then.
    offered_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": PLACE})
    seed_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": PLACE})
    confirmed_at: Mapped[int | None] = mapped_column(BigInteger)
    # The half minute of the last code that was taken: neither it nor an earlier one is taken again.
    last_step: Mapped[int] = mapped_column(BigInteger)


_authenticators = table(Authenticator)
_OFFER = text(
    "INSERT INTO authenticator (account_id, offered_sealed, last_step) VALUES (:account_id, :sealed, 0) "
    "ON CONFLICT (account_id) DO UPDATE SET offered_sealed = excluded.offered_sealed"
)
_CONFIRM = text(
    "UPDATE authenticator SET seed_sealed = offered_sealed, offered_sealed = NULL, confirmed_at = :now, last_step = :step "
    "WHERE account_id = :account_id AND offered_sealed = :sealed"
)
_TAKE = text(
    "UPDATE authenticator SET last_step = :step "
    "WHERE account_id = :account_id AND seed_sealed IS NOT NULL AND last_step < :step"
)


def _place(account_id: int) -> str:
    return PLACE.format(account_id=account_id)


def _find(connection: Reader, account_id: int, column: str) -> tuple[bytes, str] | None:
    """(sealed, open) of the seed in `column`."""
    wanted = select(_authenticators.c[column]).where(_authenticators.c.account_id == account_id)
    sealed = connection.execute(wanted).scalar()
    return (sealed, vault.open_sealed(sealed, _place(account_id))) if sealed else None


def offer_seed(tx: Connection, account_id: int) -> None:
    """Draw a seed for a new app; it serves from the moment that a code of it is shown."""
    seed = b32encode(vault.random_bytes(SEED_BYTES)).decode()
    tx.execute(_OFFER, {"account_id": account_id, "sealed": vault.seal(seed, _place(account_id))})


def offered_seed(connection: Reader, account_id: int) -> str | None:
    """The seed, in base 32, that waits for its first code."""
    found = _find(connection, account_id, "offered_sealed")
    return found[1] if found else None


def confirm_seed(tx: Connection, account_id: int, code: str, now: int) -> bool:
    """Let the offered seed serve, if this is a code of it."""
    found = _find(tx, account_id, "offered_sealed")
    step = _step(found[1], code, now) if found else None
    if found is None or step is None:
        return False
    values = {"account_id": account_id, "sealed": found[0], "step": step, "now": now}
    return tx.execute(_CONFIRM, values).rowcount == 1


def take_code(tx: Connection, account_id: int, code: str, now: int) -> bool:
    """Whether this is a code of the account's app, of this half minute or of one beside it, that was not taken before."""
    found = _find(tx, account_id, "seed_sealed")
    step = _step(found[1], code, now) if found else None
    return step is not None and tx.execute(_TAKE, {"account_id": account_id, "step": step}).rowcount == 1


def _step(seed: str, code: str, now: int) -> int | None:
    code = "".join(code.split())
    if not _CODE.fullmatch(code):
        return None
    present, codes = now // STEP_SECONDS, pyotp.HOTP(seed)
    steps = (present - 1, present, present + 1)
    return next((step for step in steps if hmac.compare_digest(codes.at(step), code)), None)


def has_authenticator(connection: Reader, account_id: int) -> bool:
    """Whether an app serves, not whether one is being set up."""
    wanted = select(_authenticators.c.confirmed_at).where(_authenticators.c.account_id == account_id)
    return connection.execute(wanted).scalar() is not None


def drop_authenticator(tx: Connection, account_id: int) -> bool:
    """Forget the seeds of the account's app. False if it had none."""
    return tx.execute(delete(_authenticators).where(_authenticators.c.account_id == account_id)).rowcount == 1


def setup_address(seed: str, name: str, shop: str) -> str:
    """What the QR code holds: the seed, with the names under which the app lists it."""
    return pyotp.TOTP(seed).provisioning_uri(name=name, issuer_name=shop)
