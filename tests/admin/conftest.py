"""Olga at her desk: the shop's owner, logged in through the page; and texts that strangers like to send."""

import re
from html import unescape

import pytest

from tests.admin import auditing

PASSWORD = "four unrelated plain words"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{7*7}}",
    "</textarea><script>alert(1)</script>",
    '<div hx-get="/logout" hx-trigger="load">',
)
CROOKED = ("１", " 1 ", "1_000", "+1", "0x1", "1\n", "1.0", "-1", "1e2", "９９", "NaN")


@pytest.fixture(autouse=True)
def every_write_is_in_the_log(app):
    unwritten = auditing.watch(app)
    yield
    assert unwritten == []


@pytest.fixture
def olga(shop, visitor):
    """The owner's browser."""
    shop.owner("olga@example.com", PASSWORD)
    answer = visitor.post("/login", {"contact": "olga@example.com", "password": PASSWORD})
    assert answer.status_code == 303
    return visitor


@pytest.fixture
def form_of(olga):
    """Read the form on a page that posts to `action`, with what is written in it."""

    def read(page, action, **changes):
        return read_form(olga.get(page).get_data(as_text=True), action) | changes

    return read


def read_form(text, action):
    """What is written in the form of a page that posts to `action`."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', text, re.DOTALL)
    assert found, f"no form leads to {action}"
    return _fields(found.group(1))


def _attributes(tag):
    return {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)} | (
        {"checked": "checked"} if re.search(r"\schecked[\s>]", tag) else {}
    )


def _fields(html):
    fields = {}
    for tag in re.findall(r"<input[^>]*>", html):
        told = _attributes(tag)
        kind, name = told.get("type"), told.get("name")
        if not name or (kind in ("radio", "checkbox") and "checked" not in told):
            continue
        value = told.get("value", "y" if kind == "checkbox" else "")
        fields[name] = [*fields[name], value] if isinstance(fields.get(name), list) else value
        if kind == "checkbox" and name == "methods":
            fields[name] = [value] if not isinstance(fields[name], list) else fields[name]
    for tag, text in re.findall(r"(<textarea[^>]*>)(.*?)</textarea>", html, re.DOTALL):
        fields[_attributes(tag)["name"]] = unescape(text).lstrip("\r\n")
    for tag, options in re.findall(r"(<select[^>]*>)(.*?)</select>", html, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[_attributes(tag)["name"]] = chosen.group(1) if chosen else ""
    return fields
