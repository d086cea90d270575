"""The addresses of the shop, compiled once: each test has an application of its own, and all have the same few hundred rules."""

import pytest
from werkzeug.routing import Rule


def compile_once(patch: pytest.MonkeyPatch) -> None:
    """Let rules that are spelt alike share what builds their addresses: it holds nothing of the application."""
    compiled: dict[tuple[object, ...], object] = {}
    compile_builder = Rule._compile_builder

    def remembered(rule: Rule, append_unknown: bool = True) -> object:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (append_unknown, rule.rule, *rule._trace)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    patch.setattr(Rule, "_compile_builder", remembered)
