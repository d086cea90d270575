"""The account from which payouts are sent by a provider's interface: one a provider, its keys encrypted, changed as a whole."""

import json
from typing import Any

from sqlalchemy import BigInteger, Connection, LargeBinary, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import Id, Model, Reader, table
from app.errors import N_, Refusal
from app.payments.alipay.account import SECRET, AlipayAccount, check_alipay, open_alipay

ALIPAY = "alipay"


class TransferAccount(Model):
    __tablename__ = "transfer_account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    provider: Mapped[str] = mapped_column(String(20), unique=True)
    settings_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "transfer_account:{provider}:settings"})
    changed_at: Mapped[int] = mapped_column(BigInteger)


_accounts = table(TransferAccount)
_WHERE = "transfer_account:alipay:settings"


def transfer_settings(connection: Reader) -> dict[str, Any] | None:
    """The settings of the account at Alipay that payouts are sent from, None without one."""
    wanted = select(_accounts.c.settings_sealed).where(_accounts.c.provider == ALIPAY)
    sealed = connection.execute(wanted).scalar()
    return json.loads(vault.open_sealed(sealed, _WHERE)) if sealed else None


def transfer_account(connection: Reader) -> AlipayAccount | None:
    """The account opened for use; None when there is none, or its keys would not do."""
    settings = transfer_settings(connection)
    return open_alipay(settings) if settings and not check_alipay(settings) else None


def save_transfer_account(tx: Connection, settings: dict[str, Any], now: int) -> None:
    """Keep the account. A private key left blank stays as it is, unless the address of the calls changed.

    Raises Refusal beside the first field that would not do.
    """
    known = transfer_settings(tx)
    if known and not settings["private_key"]:
        settings = settings | {name: known[name] for name in SECRET}
        if settings["gateway"] != known["gateway"]:
            raise Refusal(N_("The address changed. Please enter the key once more."), field="private_key")
    for field, message in check_alipay(settings).items():
        raise Refusal(message, field=field)
    row = {"settings_sealed": vault.seal(json.dumps(settings, ensure_ascii=False), _WHERE), "changed_at": now}
    if known:
        tx.execute(update(_accounts).where(_accounts.c.provider == ALIPAY).values(**row))
    else:
        tx.execute(insert(_accounts), row | {"provider": ALIPAY})


def drop_transfer_account(tx: Connection) -> None:
    """Forget the account and its keys. What is being sent waits until there is one again."""
    tx.execute(delete(_accounts).where(_accounts.c.provider == ALIPAY))
