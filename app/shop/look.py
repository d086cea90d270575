"""The shop's look: one accent colour, and the shades that the light and the dark theme make of it so that both are read."""

from dataclasses import dataclass
from functools import lru_cache

from app import colour
from app.colour import BLACK, READABLE, WHITE
from app.errors import N_, Refusal

# What tokens.css says, and what the shop looks like until the merchant chooses.
ACCENT = "#0b7a55"
# The surfaces of tokens.css that text of the accent's colour stands on.
LIGHT = ("#ffffff", "#f4f5f4", "#eceeed")
DARK = ("#161d1a", "#0d1210", "#1f2824")
# More than is asked for: a dark page is read at night.
DARK_AIM = 6.0
STEPS = 100


@dataclass(frozen=True)
class Shades:
    """The colours that a theme makes of the accent, as tokens.css calls them."""

    accent: str
    accent_strong: str
    accent_ink: str
    accent_wash: str
    grounds: tuple[str, ...]

    @property
    def as_text(self) -> float:
        """Contrast of the accent as text, on the surface where it is read worst."""
        return min(colour.contrast(self.accent, ground) for ground in (*self.grounds, self.accent_wash))

    @property
    def on_button(self) -> float:
        """Contrast of what is written on a button of the accent's colour."""
        return colour.contrast(self.accent_ink, self.accent)


def light_shades(accent: str) -> Shades:
    strong = colour.mix(accent, BLACK, 0.76)
    return Shades(accent, strong, WHITE, _wash(accent, WHITE, 0.12), LIGHT)


def dark_shades(accent: str) -> Shades:
    """The accent, as much lighter as it has to be to shine on a dark page."""
    start = colour.lightness(accent)
    steps = (colour.shade(accent, start + (1 - start) * step / STEPS) for step in range(STEPS + 1))
    bright = next(one for one in steps if min(colour.contrast(one, ground) for ground in DARK) >= DARK_AIM)
    return Shades(
        bright, colour.mix(bright, WHITE, 0.78), colour.mix(bright, BLACK, 0.16), _wash(bright, DARK[0]), DARK
    )


def _wash(accent: str, ground: str, most: float = 0.18) -> str:
    """A breath of the accent, as strong as text of its colour on it allows."""
    shares = (most * step / STEPS for step in range(STEPS, -1, -1))
    washes = [colour.mix(accent, ground, share) for share in shares]
    return next((wash for wash in washes if colour.contrast(accent, wash) >= READABLE), ground)


def check_accent(accent: str) -> None:
    """Raise Refusal for a colour that is not read on light pages; the dark theme lightens it until it is."""
    found = light_shades(accent).as_text
    if found < READABLE:
        raise Refusal(
            N_(
                "On the light pages this colour has a contrast of %(ratio)s : 1; text needs 4.5 : 1 (WCAG AA). "
                "The nearest shade of it that can be read is %(shade)s."
            ),
            field="own",
            ratio=ratio(found),
            shade=readable(accent),
        )


def readable(accent: str) -> str:
    """The nearest darker shade of a colour that is read on light pages."""
    start = colour.lightness(accent)
    shades = (colour.shade(accent, start * (1 - step / STEPS)) for step in range(STEPS + 1))
    return next(one for one in shades if light_shades(one).as_text >= READABLE)


def ratio(number: float) -> str:
    """A contrast in words, cut and never rounded up to what it is not: 4.499 -> "4.49"."""
    return f"{int(number * 100) / 100:g}"


@lru_cache(maxsize=8)
def style_sheet(accent: str) -> str:
    """The custom properties of the accent, for both themes, to stand behind tokens.css."""
    return (
        f"@layer tokens{{:root{{{_properties(light_shades(accent))}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_properties(dark_shades(accent))}}}}}}}\n"
    )


def _properties(shades: Shades) -> str:
    names = ("accent", "accent_strong", "accent_ink", "accent_wash")
    return ";".join(f"--{name.replace('_', '-')}:{getattr(shades, name)}" for name in names)


def draw_mark(accent: str) -> str:
    """The sign of a shop that has no logo of its own, as SVG."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" '
        f'fill="{accent}"/><path d="M16 27V11m0 9c-5 0-8-3-8-8 5 0 8 3 8 8Zm0-5c0-4.500 2.500-8 8-9 .5 6-2.500 9-8 9Z" '
        'fill="none" stroke="#fff" stroke-width="2.400" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
