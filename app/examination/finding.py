"""A finding: one line of a check-up."""

from dataclasses import dataclass

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True)
class Finding:
    """The thing that was looked at, how it is (OK, WARN, FAIL), and what to do where it is not well."""

    name: str
    state: str
    said: str
    todo: str = ""
