"""Colours as style sheets write them, and how well one is read on another (WCAG 2.2, "contrast ratio")."""

import colorsys
import re

_HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)
BLACK, WHITE = "#000000", "#ffffff"
# WCAG 2.2, success criterion 1.4.3, for text that is not large.
READABLE = 4.5


def parse(text: str | None) -> str | None:
    """`text` as "#rrggbb" in small letters, None when it is no colour of that shape."""
    colour = (text or "").strip().lower()
    return colour if _HEX.fullmatch(colour) else None


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(255 * min(max(channel, 0), 1)):02x}" for channel in channels)


def luminance(colour: str) -> float:
    """Relative luminance: 0 for black, 1 for white."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` of `one` in `other`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return _written(tuple(mine * share + theirs * (1 - share) for mine, theirs in pairs))


def shade(colour: str, lightness: float) -> str:
    """The same hue at another lightness, from 0 to 1."""
    hue, _lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    return _written(colorsys.hls_to_rgb(hue, lightness, saturation))


def lightness(colour: str) -> float:
    return colorsys.rgb_to_hls(*_channels(colour))[1]
