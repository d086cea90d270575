"""What was done by whom: every write of the shop's people, every reveal and every export, in a chain that shows a change."""

from app.audit.chain import Broken, Verdict, verify_chain
from app.audit.entry import Entry, Who, entries_of, record
from app.audit.listing import Filter, find_entry, known_acts, list_entries
from app.audit.origin import Origin, forget_origins
from app.audit.verification import Verification, examine, last_verification, record_verification

__all__ = [
    "Broken",
    "Entry",
    "Filter",
    "Origin",
    "Verdict",
    "Verification",
    "Who",
    "entries_of",
    "examine",
    "find_entry",
    "forget_origins",
    "known_acts",
    "last_verification",
    "list_entries",
    "record",
    "record_verification",
    "verify_chain",
]
