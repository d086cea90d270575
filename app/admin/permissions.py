"""What each role may at the merchant's desk: for each noun 'write', 'read' or nothing. An owner may everything."""

from typing import Literal

from app import accounts
from app.admin.proven import PROVEN as PROVEN
from app.admin.proven import UNCARRIED as UNCARRIED

Right = Literal["read", "write"]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def _row(manager: str = "", support: str = "", finance: str = "") -> dict[str, str]:
    return {"manager": manager, "support": support, "finance": finance}


# Keys, rates and people change where money goes and who says so: they stay with the owner.
MATRIX = {
    "home": _row("write", "write", "write"),
    "proofs": _row("write", "write", "write"),
    "starts": _row("read", "read", "read"),
    "checklists": _row(),
    # the catalog and its stock
    "products": _row("write", "read", "read"),
    "publications": _row("write"),
    "archives": _row("write"),
    "copies": _row("write"),
    "pictures": _row("write"),
    "bulk_changes": _row("write"),
    "forecasts": _row("write"),
    "descriptions": _row("write"),
    "covers": _row("write", "read", "read"),
    "categories": _row("write", "read", "read"),
    "category_removals": _row("write"),
    "card_imports": _row("write"),
    "cards": _row("write", "read", "read"),
    "batches": _row("write", "read", "read"),
    "card_changes": _row("write"),
    "card_codes": _row("write"),
    "card_exports": _row("write"),
    # orders, and what is done for a buyer
    "orders": _row("read", "read", "read"),
    "order_notes": _row("write", "write", "write"),
    "order_contacts": _row("write", "write"),
    "cancellations": _row("write", "write"),
    "deliveries": _row("write", "write"),
    "answers": _row("write", "write"),
    "activations": _row("write", "write"),
    "uses": _row("write", "write"),
    "disputes": _row("write", "write", "read"),
    "effects": _row("write", "write"),
    "messages": _row("write", "write", "read"),
    # money that comes and goes
    "confirmations": _row("write", "", "write"),
    "refund_effects": _row("write", "", "write"),
    "refunds": _row("write", "", "write"),
    "chargebacks": _row("write", "", "write"),
    "notices": _row("read", "read", "read"),
    "notice_steps": _row("write", "", "write"),
    "payment_claims": _row("write", "read", "write"),
    "bills": _row("write", "", "write"),
    "payouts": _row("read", "", "read"),
    "payout_steps": _row("write", "", "write"),
    "payout_batches": _row("write", "", "write"),
    "payout_approvals": _row("write", "", "write"),
    "payout_payments": _row("write", "", "write"),
    "payees": _row("write", "", "write"),
    # a list as a file, for those of them who may read it
    "exports": _row("write", "", "write"),
    # the network
    "node_contacts": _row("write", "write"),
    "nodes": _row("write", "read", "read"),
    "node_tiers": _row("read", "", "read"),
    "claims": _row("read", "read", "read"),
    "downlines": _row("read", "read", "read"),
    "commissions": _row("read", "", "read"),
    "postings": _row("read", "", "read"),
    "sanctions": _row("write"),
    "flags": _row("write", "", "read"),
    "rebinds": _row("write"),
    "reports": _row("write", "", "write"),
    "strictness": _row(),
    "rates": _row("read", "", "read"),
    "tiers": _row("read", "", "read"),
    # the shop itself
    "settings": _row("read"),
    "profiles": _row("write"),
    "looks": _row("write"),
    "logos": _row("write"),
    "texts": _row("write"),
    "tongues": _row("write"),
    "questions": _row("write"),
    "limits": _row("read"),
    "bounds": _row("read", "", "read"),
    "modes": _row(),
    "security": _row(),
    "channels": _row(),
    "receiving_codes": _row(),
    "outlets": _row(),
    "transfers": _row(),
    "people": _row(),
    "api_keys": _row(),
    "backups": _row(),
    "doctor": _row("read"),
    "roles": _row(),
    "factors": _row(),
    "password_links": _row(),
    "entries": _row("write"),
}


def allows(role: str, noun: str, right: Right) -> bool:
    """Whether `role` may `right` what the blueprint `noun` is about; a noun that is not in MATRIX is the owner's."""
    if role == "owner":
        return True
    if role not in accounts.DESK_ROLES:
        return False
    granted = MATRIX.get(noun, {}).get(role, "")
    return granted == "write" or granted == right


def needed(method: str, endpoint: str) -> Right:
    """The right that a request needs: whatever is not safe writes, and the form of something new is for who may make it."""
    return "read" if method in SAFE and not endpoint.endswith(".new") else "write"
