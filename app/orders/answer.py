"""What a buyer answered to the questions of the order form: sealed with the order, and told to nobody else."""

import json
from collections.abc import Sequence

from app import vault


def seal_answers(number: str, answers: Sequence[tuple[str, str]]) -> bytes | None:
    """(question, answer) as the buyer read and wrote them, for the order's row."""
    return vault.seal(json.dumps(list(answers), ensure_ascii=False), f"orders:{number}:answers") if answers else None


def open_answers(number: str, sealed: bytes | None) -> list[tuple[str, str]]:
    """What `seal_answers` sealed."""
    told = json.loads(vault.open_sealed(sealed, f"orders:{number}:answers")) if sealed else []
    return [(question, answer) for question, answer in told]
