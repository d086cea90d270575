"""The lists of the desk as sheets: each reads what its page reads, narrowed as its address says, to the end."""

from collections.abc import Callable

from app.admin.exporting import Sheet
from app.admin.sheets import (
    batches,
    claims,
    commissions,
    disputes,
    entries,
    flags,
    messages,
    nodes,
    notices,
    orders,
    payouts,
    postings,
    products,
)

# A list is called as its noun is, and whoever may read that may read it as a file.
SHEETS: dict[str, Callable[[], Sheet]] = {
    "batches": batches.sheet,
    "claims": claims.sheet,
    "commissions": commissions.sheet,
    "disputes": disputes.sheet,
    "entries": entries.sheet,
    "flags": flags.sheet,
    "messages": messages.sheet,
    "nodes": nodes.sheet,
    "notices": notices.sheet,
    "orders": orders.sheet,
    "payouts": payouts.sheet,
    "postings": postings.sheet,
    "products": products.sheet,
}
