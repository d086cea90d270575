"""What was done by whom: every write of the shop's people, every reveal and every export, in a chain that shows a change."""

from app.audit.chain import Broken, Verdict, verify_chain
from app.audit.entry import Entry, Who, entries_of, record
from app.audit.origin import Origin, forget_origins

__all__ = ["Broken", "Entry", "Origin", "Verdict", "Who", "entries_of", "forget_origins", "record", "verify_chain"]
