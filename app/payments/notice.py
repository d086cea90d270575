"""A notice: whatever reached a callback address, raw, with our verdict. It is never lost; after 180 days its words are cleared."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model
from app.payments.verdict import Verdict
from app.statement import Statement

MOST_BYTES = 65536


class KeptNotice(Model):
    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_verdict", "verdict", "id"),
        Index("ix_notice_channel", "channel_id", "id"),
        Index("ix_notice_payment", "payment_id", "id"),
        Index("ix_notice_trade", "trade_number", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    source: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str] = mapped_column(String(8))
    content_type: Mapped[str] = mapped_column(String(120))
    headers: Mapped[str] = mapped_column(String(4000))
    query: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[str] = mapped_column(String(48))
    verdict: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    trade_number: Mapped[str | None] = mapped_column(String(64))
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    request_id: Mapped[str] = mapped_column(String(20))
    # The notice that this one repeats, because somebody had it judged anew or attached its money.
    first_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    # Of what it said, once that is no longer kept.
    words_hash: Mapped[bytes | None] = mapped_column(LargeBinary)

    @property
    def raw(self) -> "Notice":
        """The delivery once more, to be judged anew."""
        pairs = (line.partition(": ") for line in self.headers.splitlines())
        headers = {name: value for name, _colon, value in pairs}
        shape = (self.method, self.content_type, bytes(self.query), bytes(self.body))
        return Notice("replay", *shape, self.address, self.request_id, headers, first_id=self.id)


@dataclass(frozen=True)
class Notice:
    """One delivery as it came, from `source`: callback (the provider), return (the buyer's browser), query (we asked),
    replay (judged anew) or hand (the merchant says so)."""

    source: str
    method: str
    content_type: str
    query: bytes
    body: bytes
    address: str
    request_id: str
    # What the protocol signs besides, its names in small letters; kept with the notice.
    headers: Mapping[str, str] = field(default_factory=dict)
    first_id: int | None = None


_INSERT = Statement(
    "INSERT INTO notice (channel_id, source, received_at, method, content_type, headers, query, body, address, verdict, reason, "
    "payment_id, trade_number, amount_fen, request_id, first_id) VALUES (:channel_id, :source, :received_at, :method, :content_type, "
    ":headers, :query, :body, :address, :verdict, :reason, :payment_id, :trade_number, :amount_fen, :request_id, :first_id) RETURNING id"
)


def _headers(notice: Notice) -> str:
    return "\n".join(f"{name}: {value}" for name, value in sorted(notice.headers.items()))[:4000]


def keep_notice(
    tx: Connection,
    channel_id: int,
    notice: Notice,
    verdict: Verdict,
    reason: str,
    *,
    payment_id: int | None = None,
    trade_number: str | None = None,
    amount_fen: int | None = None,
    now: int,
) -> int:
    """Put a notice into the inbox with the verdict on it, and return its id."""
    row = {"channel_id": channel_id, "source": notice.source, "received_at": now, "method": notice.method[:8]}
    row |= {
        "content_type": notice.content_type[:120],
        "headers": _headers(notice),
        "query": notice.query[:MOST_BYTES],
        "body": notice.body[:MOST_BYTES],
    }
    row |= {"address": notice.address[:48], "verdict": verdict.value, "reason": reason[:300], "payment_id": payment_id}
    row |= {
        "trade_number": (trade_number or "")[:64] or None,
        "amount_fen": amount_fen,
        "request_id": notice.request_id[:20],
        "first_id": notice.first_id,
    }
    return int(_INSERT.run(tx, row).scalar_one())
