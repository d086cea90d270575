"""Chinese is complete: every text of the code and the templates has one, with the same places in it."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.visitor import Visitor

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "gettext": None, "N_": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACES = re.compile(r"%\(\w+\)[sd]|%%")


def texts():
    """Every msgid in app/, plural ones by their singular."""
    methods = [("app/**.py", "python"), ("app/templates/**.html", "jinja2")]
    found = extract_from_dir(ROOT, methods, {"app/templates/**.html": {"encoding": "utf-8"}}, KEYWORDS)
    return {message[2] if isinstance(message[2], str) else message[2][0] for message in found}


@pytest.fixture(scope="module")
def catalog():
    path = ROOT / "app/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
    with io.BytesIO(path.read_bytes()) as file:
        return read_po(file, locale="zh_Hans_CN")


def test_every_text_has_its_chinese(catalog):
    missing = sorted(text for text in texts() if text not in catalog or not _string(catalog, text))
    assert not missing, f"no Chinese for {missing}; run: make translations"


def test_every_chinese_text_keeps_the_places_of_its_english(catalog):
    for message in catalog:
        english = message.id if isinstance(message.id, str) else message.id[-1]
        for chinese in [message.string] if isinstance(message.string, str) else message.string:
            allowed = sorted(PLACES.findall(english))
            assert sorted(PLACES.findall(chinese)) == allowed, f"{english!r} and {chinese!r} differ in their places"


def test_no_translation_is_a_guess(catalog):
    assert not [message.id for message in catalog if message.fuzzy]


def _string(catalog, text):
    string = catalog[text].string
    return string if isinstance(string, str) else string[0]


@pytest.mark.parametrize(
    ("language", "path", "word"),
    [("", "/", "店铺"), ("en", "/", "Shop"), ("en", "/?lang=zh", "店铺"), ("zh-CN", "/?lang=en", "Shop")],
)
def test_pages_speak_chinese_first_and_english_on_request(app, shop, language, path, word):
    assert f"<span>{word}</span>" in Visitor(app, language=language).get(path).text
