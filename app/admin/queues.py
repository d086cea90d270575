"""What waits for somebody's hand, read for the first page by one statement: the heads of each queue, the most urgent first."""

# ruff: noqa: S608 - the fragments are constants

from dataclasses import dataclass, field

from flask_babel import lazy_gettext
from flask_login import current_user

from app import orders
from app.admin import labels, network_labels, permissions
from app.db import AnyRow, Reader
from app.statement import Statement

# Counted no further: "9+" says enough, and costs the same however much waits.
MOST = 10
SHOWN = 3


@dataclass(frozen=True)
class Kind:
    """A queue: whose it is, what to do with it, and where all of it stands."""

    key: str
    noun: str
    title: object
    advice: object
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Queue:
    """A queue with its heads; `count` is a text, because it is not counted to the end."""

    kind: Kind
    rows: list[AnyRow]
    count: str


# In the order of urgency: what keeps a buyer's money or goods, what a clock runs for, what others wait for, what can wait.
KINDS = (
    Kind(
        "undelivered",
        "orders",
        lazy_gettext("Paid, not delivered"),
        lazy_gettext("The buyer has paid and has nothing. Add codes and hand over, or refund."),
        "admin.orders.index",
        {"state": orders.UNDELIVERED},
    ),
    Kind(
        "claims",
        "payment_claims",
        lazy_gettext("Buyers who say that they paid"),
        lazy_gettext("Look for the money in your account, then confirm or refuse."),
        "admin.payment_claims.index",
    ),
    Kind(
        "strays",
        "notices",
        lazy_gettext("Money without an order"),
        lazy_gettext("Attach it to the order it was meant for, or give it back."),
        "admin.notices.index",
    ),
    Kind(
        "disputes",
        "disputes",
        lazy_gettext("Disputes"),
        lazy_gettext("Answer before the time is over, or settle it with the buyer."),
        "admin.disputes.index",
    ),
    Kind(
        "refunds",
        "refunds",
        lazy_gettext("Refunds to look after"),
        lazy_gettext("Send what is to be sent by hand, and find out how the doubtful ones went."),
        "admin.orders.index",
        {"state": "paid"},
    ),
    Kind(
        "payouts",
        "payouts",
        lazy_gettext("Payouts asked for"),
        lazy_gettext("Approve and send what is right, refuse what is not."),
        "admin.payouts.index",
        {"state": "requested"},
    ),
    Kind(
        "flags",
        "flags",
        lazy_gettext("Orders that look odd"),
        lazy_gettext("Their commission waits until you have looked."),
        "admin.flags.index",
    ),
    Kind(
        "rebinds",
        "rebinds",
        lazy_gettext("Moves that wait for a second person"),
        lazy_gettext("Somebody else than who proposed it approves it."),
        "admin.claims.index",
    ),
)
_NO_FEN, _NO_TIME = "cast(NULL AS bigint) AS fen", "cast(NULL AS bigint) AS until"
# Each reads an index that holds what waits, or as much as LIMIT lets it. Tables are named as text on purpose: it is one read
# of what eight rooms keep, and writes nothing.
_HEADS = {
    "undelivered": f"SELECT number AS key, '' AS detail, paid_at AS at, {_NO_TIME}, total_fen AS fen FROM orders "
    "WHERE state = 'paid' AND delivered_at IS NULL ORDER BY id",
    "claims": "SELECT cast(payment_claim.id AS varchar(20)) AS key, payment.method || ' ' || digits AS detail, said_at AS at, "
    f"{_NO_TIME}, amount_fen AS fen FROM payment_claim JOIN payment ON payment.id = payment_claim.payment_id "
    "WHERE payment_claim.settled_at IS NULL ORDER BY payment_claim.id",
    "strays": "SELECT cast(notice_id AS varchar(20)) AS key, verdict AS detail, opened_at AS at, "
    f"{_NO_TIME}, amount_fen AS fen FROM stray WHERE state IN ('open', 'doubtful') ORDER BY id",
    "disputes": "SELECT number AS key, state AS detail, opened_at AS at, due_at AS until, coalesce(decision_fen, wanted_fen) AS fen "
    "FROM dispute WHERE closed_at IS NULL AND due_at IS NOT NULL AND kind <> 'flag' "
    "AND (state = 'open' OR (state = 'decided' AND shop_accepted_at IS NULL)) ORDER BY due_at",
    "refunds": "SELECT orders.number AS key, refund.state AS detail, refund.created_at AS at, "
    f"{_NO_TIME}, refund.amount_fen AS fen FROM refund JOIN orders ON orders.id = refund.order_id "
    "WHERE refund.state = 'doubtful' OR (refund.state = 'pending' AND way = 'hand') ORDER BY refund.id",
    "payouts": f"SELECT number AS key, state AS detail, requested_at AS at, {_NO_TIME}, amount_fen AS fen FROM payout "
    "WHERE state = 'requested' ORDER BY id",
    "flags": f"SELECT cast(id AS varchar(20)) AS key, kind AS detail, opened_at AS at, {_NO_TIME}, {_NO_FEN} FROM flag "
    "WHERE state = 'open' ORDER BY id",
    "rebinds": f"SELECT node.pid AS key, case_number AS detail, proposed_at AS at, {_NO_TIME}, {_NO_FEN} FROM rebind "
    "JOIN node ON node.id = rebind.child_id WHERE rebind.state = 'proposed' ORDER BY rebind.child_id",
    "latest": "SELECT number AS key, (SELECT title FROM order_line WHERE order_id = orders.id ORDER BY id LIMIT 1) AS detail, "
    "created_at AS at, delivered_at AS until, total_fen AS fen FROM orders ORDER BY id DESC",
}
_UNION = " UNION ALL ".join(
    f"SELECT '{name}' AS queue, {name}.* FROM ({query} LIMIT {MOST}) AS {name}" for name, query in _HEADS.items()
)
_READ = Statement(_UNION)


def read_queues(connection: Reader) -> tuple[list[Queue], list[AnyRow]]:
    """The queues in which something waits that whoever is logged in may see, and the latest orders."""
    found: dict[str, list[AnyRow]] = {}
    for row in _READ.run(connection):
        found.setdefault(row.queue, []).append(row)
    queues = [
        Queue(
            kind, found[kind.key][:SHOWN], f"{MOST - 1}+" if len(found[kind.key]) == MOST else str(len(found[kind.key]))
        )
        for kind in KINDS
        if kind.key in found and permissions.allows(current_user.role, kind.noun, "read")
    ]
    return queues, found.get("latest", [])[:5]


def words_of(queue: str, detail: str) -> object:
    """What a page says of a head's detail."""
    if queue == "claims":
        method, _space, digits = detail.partition(" ")
        return f"{labels.METHODS.get(method, method)} …{digits}"
    known = {
        "strays": labels.VERDICTS,
        "disputes": labels.DISPUTE_STATES,
        "flags": network_labels.FLAGS,
        "refunds": labels.REFUND_STATES,
    }.get(queue, {})
    return known.get(detail, detail if queue in ("rebinds", "latest") else "")
