"""Contrast, against figures that others published (W3C's own examples and WebAIM's checker)."""

import colorsys
import re
from pathlib import Path

import pytest

from app import colour, shop
from app.errors import Refusal

# (one, other, ratio): WCAG technique G18 and its working examples, WebAIM for the rest.
PUBLISHED = (
    ("#000000", "#ffffff", 21.0),
    ("#ffffff", "#ffffff", 1.0),
    ("#767676", "#ffffff", 4.54),
    ("#777777", "#ffffff", 4.47),
    ("#949494", "#ffffff", 3.03),
    ("#0000ff", "#ffffff", 8.59),
    ("#ff0000", "#ffffff", 3.99),
    ("#ffff00", "#ffffff", 1.07),
    ("#008000", "#ffffff", 5.13),
)
TOKENS = Path(__file__).parents[2] / "app" / "static" / "css" / "tokens.css"


@pytest.mark.parametrize(("one", "other", "ratio"), PUBLISHED)
def test_contrast_is_what_others_publish(one, other, ratio):
    assert float(shop.ratio(colour.contrast(one, other))) == pytest.approx(ratio, abs=0.01)
    assert colour.contrast(one, other) == colour.contrast(other, one)


def test_a_ratio_is_never_rounded_up_to_what_is_asked_for():
    assert shop.ratio(4.4999) == "4.49"


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "#1234567", "", None, "1d4ed8", "#１d4ed8", "url(x)"])
def test_what_is_no_colour_is_refused(text):
    assert colour.parse(text) is None


def test_every_colour_that_is_taken_is_read_in_both_themes():
    """All hues, in steps: what passes the check has AA on every surface of both themes, as text and on buttons."""
    taken = 0
    for hue in range(0, 360, 15):
        for lightness in (0.1, 0.25, 0.4, 0.55, 0.8):
            accent = colour.shade(f"#{_of(hue)}", lightness)
            try:
                shop.check_accent(accent)
            except Refusal:
                shop.check_accent(shop.readable(accent))
                continue
            taken += 1
            for shades in (shop.light_shades(accent), shop.dark_shades(accent)):
                assert min(shades.as_text, shades.on_button) >= 4.5, accent
    assert taken > 40


def _of(hue):
    return "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue / 360, 0.5, 0.9))


def test_the_surfaces_are_those_of_the_style_sheet():
    light, dark = TOKENS.read_text().split("prefers-color-scheme: dark")
    for text, shades in ((light, shop.light_shades(shop.ACCENT)), (dark, shop.dark_shades(shop.ACCENT))):
        found = dict(re.findall(r"--(ground|surface|sunken|accent): (#\w+);", text))
        written = {name: value if len(value) == 7 else f"#{value[1:] * 2}" for name, value in found.items()}
        assert {written["ground"], written["surface"], written["sunken"]} == set(shades.grounds)
    assert f"--accent: {shop.ACCENT};" in light
