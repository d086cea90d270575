"""Settlement: when commission is earned, what keeps it waiting, what takes it back, and how it is paid out."""

from app.settlement.freeze import Freeze, Pause, catch_up, freeze, unfreeze
from app.settlement.release import release_due, release_for, release_lines
from app.settlement.reversal import Reversal, reinstate_lines, reverse_lines, reverse_rows
from app.settlement.schedule import Line, Schedule, open_schedules
from app.settlement.usage import note_activation, note_uses
from app.settlement.vesting import KINDS, Terms, next_change, progress, vested

__all__ = [
    "KINDS",
    "Freeze",
    "Line",
    "Pause",
    "Reversal",
    "Schedule",
    "Terms",
    "catch_up",
    "freeze",
    "next_change",
    "note_activation",
    "note_uses",
    "open_schedules",
    "progress",
    "reinstate_lines",
    "release_due",
    "release_for",
    "release_lines",
    "reverse_lines",
    "reverse_rows",
    "unfreeze",
    "vested",
]
