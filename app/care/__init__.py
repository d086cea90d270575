"""The care of the shop: backups that nobody but the merchant can read, and how one becomes a shop again."""

from app.care.archive import Unopened, check_passphrase, check_recipient, draw_recovery_key, recipient_of
from app.care.backup import Premises, check_whole, make_backup
from app.care.manifest import Manifest
from app.care.restoration import opened, put_in_place, refuse_taken
from app.care.shelf import Failure, Kept, clear, find, is_due, is_late, last_failure, list_kept, note_failure

__all__ = [
    "Failure",
    "Kept",
    "Manifest",
    "Premises",
    "Unopened",
    "check_passphrase",
    "check_recipient",
    "check_whole",
    "clear",
    "draw_recovery_key",
    "find",
    "is_due",
    "is_late",
    "last_failure",
    "list_kept",
    "make_backup",
    "note_failure",
    "opened",
    "put_in_place",
    "recipient_of",
    "refuse_taken",
]
