"""A backup restored as a merchant does it: the command, in a process of its own, with the key on its input."""

import os
import shutil
import subprocess
import sys

from app import care
from tests.conftest import missing
from tests.server import ROOT


def premises(instance, database):
    return care.Premises(instance, database, {})


def command(*arguments, instance, database, said="", **environment):
    """What `flask --app wsgi ...` answers: its exit code and its lines."""
    told = {"INSTANCE": str(instance), "DATABASE_URL": database, "PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, arguments)],
        cwd=ROOT,
        env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | told,
        input=said,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def elsewhere(request, tmp_path, database):
    """An empty folder, and an empty database of the same kind."""
    folder = tmp_path / "elsewhere"
    if database.startswith("sqlite"):
        return folder, f"sqlite:///{folder / 'shop.sqlite3'}"
    return folder, request.getfixturevalue("cluster").create()


def program(name):
    if shutil.which(name) is None:
        missing(name)
    return name
