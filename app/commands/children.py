"""The processes that `serve` starts: each in a group of its own, ended in order, and never left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

GRACE_SECONDS = 10
PR_SET_PDEATHSIG = 1

Child = subprocess.Popen[bytes]


def start(command: list[str], environment: Mapping[str, str]) -> Child:
    """Start a child that Ctrl-C in the terminal does not reach, and that (on Linux) ends when this process is killed."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def end_with_parent() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=end_with_parent)


def end(children: list[Child]) -> None:
    """Ask the children to end, wait for what they have in hand, and kill what is left of their groups."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS + 2
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        # A server that was killed leaves its workers behind, and they would keep the port.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
