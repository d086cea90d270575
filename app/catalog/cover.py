"""Covers drawn by code: a product without a photograph still has a picture of its own, as SVG."""

import math
from html import escape

MOTIFS = ("rings", "waves", "grid", "peaks", "leaves", "orbit")
WIDTH, HEIGHT = 640, 480


def _rings(colour: str) -> str:
    return "".join(
        f'<circle cx="470" cy="170" r="{radius}" fill="none" stroke="{colour}" stroke-width="14" opacity="{opacity}"/>'
        for radius, opacity in ((40, 0.9), (84, 0.6), (128, 0.4), (172, 0.25), (216, 0.14))
    )


def _waves(colour: str) -> str:
    shapes = []
    for row in range(5):
        top = 120 + row * 46
        points = " ".join(f"{x},{top + 26 * math.sin(x / 70 + row * 1.1):.1f}" for x in range(-20, WIDTH + 40, 20))
        shapes.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="10" opacity="{0.75 - row * 0.13:.2f}"/>'
        )
    return "".join(shapes)


def _grid(colour: str) -> str:
    cells = []
    for row in range(4):
        for column in range(5):
            opacity = 0.12 + 0.16 * ((row * 3 + column * 2) % 5)
            cells.append(
                f'<rect x="{300 + column * 64}" y="{56 + row * 64}" width="52" height="52" rx="14" fill="{colour}" '
                f'opacity="{opacity:.2f}"/>'
            )
    return "".join(cells)


def _peaks(colour: str) -> str:
    return (
        "".join(
            f'<path d="M{left} 340 L{left + 130} {top} L{left + 260} 340 Z" fill="{colour}" opacity="{opacity}"/>'
            for left, top, opacity in ((180, 150, 0.25), (300, 90, 0.5), (430, 170, 0.35))
        )
        + f'<circle cx="250" cy="110" r="34" fill="{colour}" opacity="0.85"/>'
    )


def _leaves(colour: str) -> str:
    return "".join(
        f'<path transform="rotate({angle} 470 200)" d="M470 200 C500 130 500 90 470 40 C440 90 440 130 470 200 Z" '
        f'fill="{colour}" opacity="{0.25 + (angle % 144) / 250:.2f}"/>'
        for angle in range(0, 360, 36)
    )


def _orbit(colour: str) -> str:
    paths = "".join(
        f'<ellipse cx="450" cy="180" rx="170" ry="64" fill="none" stroke="{colour}" stroke-width="8" opacity="0.45" '
        f'transform="rotate({angle} 450 180)"/>'
        for angle in (0, 60, 120)
    )
    return paths + f'<circle cx="450" cy="180" r="34" fill="{colour}" opacity="0.9"/>'


_DRAW = {"rings": _rings, "waves": _waves, "grid": _grid, "peaks": _peaks, "leaves": _leaves, "orbit": _orbit}


def draw_cover(title: str, hue: int, motif: str) -> str:
    """An SVG picture, 4:3, of `title` on a ground of `hue` (0-359) with one of MOTIFS; the same input, the same picture."""
    hue %= 360
    light = f"hsl({hue} 90% 88%)"
    size = 52 if len(title) <= 10 else 40
    lines = [title[start : start + 14] for start in range(0, min(len(title), 28), 14)]
    words = "".join(
        f'<text x="48" y="{420 - (len(lines) - 1 - number) * (size + 10)}" font-size="{size}" font-weight="700" fill="#fff" '
        f'font-family="PingFang SC, HarmonyOS Sans SC, Noto Sans SC, Noto Sans CJK SC, system-ui, sans-serif">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl({hue} 62% 46%)"/>'
        f'<stop offset="1" stop-color="hsl({(hue + 38) % 360} 66% 28%)"/></linearGradient></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#g)"/>{_DRAW.get(motif, _rings)(light)}{words}</svg>'
    )
