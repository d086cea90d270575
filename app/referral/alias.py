"""An alias: the name that one person has for one viewer, and for no other (distribution 1.20)."""

from app import vault


def alias(viewer_pid: str, subject_pid: str) -> str:
    """Six characters that name a person to one viewer only: two viewers cannot join what they see."""
    number = int.from_bytes(vault.blind("alias", f"{viewer_pid}:{subject_pid}")[:5])
    return "".join(vault.CROCKFORD[number >> shift & 31] for shift in range(0, 30, 5))
