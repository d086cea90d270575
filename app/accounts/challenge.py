"""A challenge: what the shop drew for a key to sign. It stays here, bound to whoever asked, and is used up by the first answer,
right or wrong."""

from sqlalchemy import BigInteger, Connection, ForeignKey, LargeBinary, bindparam, delete, text
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.clock import MINUTE
from app.db import Model, table

LIFE_SECONDS = 5 * MINUTE
CHALLENGE_BYTES = 32


class Challenge(Model):
    __tablename__ = "passkey_challenge"

    # Of the token of the session, or of the log-in that waits before its second step: each has one challenge at a time.
    holder_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)


_challenges = table(Challenge)
_DRAW = text(
    "INSERT INTO passkey_challenge (holder_hash, account_id, challenge, expires_at) "
    "VALUES (:holder, :account_id, :challenge, :expires_at) ON CONFLICT (holder_hash) DO UPDATE SET "
    "account_id = excluded.account_id, challenge = excluded.challenge, expires_at = excluded.expires_at"
)
_USE = (
    delete(_challenges)
    .where(
        _challenges.c.holder_hash == bindparam("holder"),
        _challenges.c.account_id == bindparam("account"),
        _challenges.c.expires_at > bindparam("now"),
    )
    .returning(_challenges.c.challenge)
)


def draw_challenge(tx: Connection, account_id: int, holder: str, now: int) -> bytes:
    """A new one for whoever holds the token `holder`; the one before it is void."""
    challenge = vault.random_bytes(CHALLENGE_BYTES)
    row = {"holder": vault.digest(holder), "account_id": account_id, "challenge": challenge}
    tx.execute(_DRAW, row | {"expires_at": now + LIFE_SECONDS})
    return challenge


def use_challenge(tx: Connection, account_id: int, holder: str, now: int) -> bytes | None:
    """Use it up: of two who bring the token, one gets what was drawn."""
    return tx.execute(_USE, {"holder": vault.digest(holder), "account": account_id, "now": now}).scalar()


def forget_challenges(tx: Connection, now: int) -> int:
    """Forget what was drawn and never answered."""
    return tx.execute(delete(_challenges).where(_challenges.c.expires_at <= now)).rowcount
