"""Commands that are asked of a shop that is not there say so in one sentence, and leave nothing behind."""

import os
import subprocess

import pytest

from tests.commands.serving import FLASK
from tests.server import ROOT


@pytest.mark.parametrize("command", ["books check", "settle", "accounts invite admin", "sample story", "worker"])
def test_it_says_where_it_looked_and_makes_nothing(tmp_path, command):
    folder = tmp_path / "nothing"
    environment = {"PATH": os.environ["PATH"], "INSTANCE": str(folder)}
    done = subprocess.run(
        [*FLASK, *command.split()], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stdout + done.stderr == (
        f"There is no shop in {folder}: set INSTANCE to its folder, or start it with make run.\n"
    )
    assert list(tmp_path.iterdir()) == []
