"""The shop itself: its settings, and the lease that keeps one worker at work."""

from app.shop.lease import Lease, drop_lease, is_silent, last_beat, take_lease
from app.shop.setting import Setting, Settings, change_settings, read_settings

__all__ = [
    "Lease",
    "Setting",
    "Settings",
    "change_settings",
    "drop_lease",
    "is_silent",
    "last_beat",
    "read_settings",
    "take_lease",
]
