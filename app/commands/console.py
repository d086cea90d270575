"""Who acts at the console, for the audit log: whoever can run commands on the machine."""

import getpass
import os

from app import audit, clock


def console() -> audit.Who:
    """Somebody at the machine itself, by the name that the machine knows them by."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return audit.Who(None, "", f"console: {name}"[:200], "-", clock.now())
