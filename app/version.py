"""Which version of the program runs, and what its change log says of it."""

from pathlib import Path

VERSION = "0.1.0"
CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def notes(version: str = VERSION) -> str:
    """The Markdown under a version's heading in CHANGELOG.md; "" when there is none."""
    try:
        text = CHANGELOG.read_text()
    except OSError:
        return ""
    _before, found, after = text.partition(f"\n## {version}\n")
    return after.partition("\n## ")[0].strip() if found else ""
