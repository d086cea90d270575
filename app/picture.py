"""Pictures that strangers send: read by their content, bounded before they are unpacked, and written anew without metadata."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TypeVar

from PIL import Image, ImageOps

from app.errors import N_, Refusal

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE_PIXELS = 2000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85
LOGO_PIXELS = 192
# What a shelf and a product's page show, on a phone and on a large screen; nothing is ever made wider than it came.
WIDTHS = (320, 640, 1280)
WEBP_QUALITY = 80
Written = TypeVar("Written")


@dataclass(frozen=True)
class Picture:
    """A picture that this shop wrote itself: nothing of the file that came is in it but what is to be seen."""

    data: bytes
    width: int
    height: int


def clean_picture(data: bytes) -> Picture:
    """Write a picture anew, as JPEG. Neither its name nor what the browser says about it counts.

    Raises Refusal for what is no whole JPEG, PNG or WebP of at most 5 MiB and 40 million pixels.
    """
    return _read(data, _write)


def clean_logo(data: bytes) -> Picture:
    """Write a logo anew, as a square PNG that keeps what is see-through. Raises Refusal like `clean_picture`."""
    return _read(data, _write_logo)


def clean_sizes(data: bytes) -> list[Picture]:
    """Write a picture anew as WebP, once for each of `widths_of` it, the widest last. Raises Refusal like `clean_picture`."""
    return _read(data, _write_sizes)


def widths_of(width: int) -> list[int]:
    """How wide a picture of `width` is kept: in each of WIDTHS below it, and in its own or the widest of them."""
    narrower = [one for one in WIDTHS[:-1] if one < width]
    return [*narrower, min(width, WIDTHS[-1])]


def _read(data: bytes, write: Callable[[Image.Image], Written]) -> Written:
    if not data:
        raise Refusal(N_("The file is empty."), field="picture")
    if len(data) > MOST_BYTES:
        raise Refusal(N_("The picture is too large; 5 MB at most."), field="picture")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise Refusal(
                    N_("The picture has too many pixels; make it smaller and send it again."), field="picture"
                )
            return write(found)
    except Refusal:
        raise
    # Decoders raise whatever comes to them on a file made to break them; none of it is the shop's fault.
    except Exception as error:
        raise Refusal(N_("This is not a picture that can be read; JPEG, PNG and WebP can."), field="picture") from error


def _write(found: Image.Image) -> Picture:
    # Only the first frame of a moving picture is kept. A draft spares memory, and only JPEG knows it.
    picture: Image.Image = found
    with suppress(AttributeError, ValueError):
        picture.draft("RGB", (LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
    picture.load()
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
    paper = Image.new("RGB", picture.size, "white")
    upright = picture.convert("RGBA")
    paper.paste(upright, mask=upright)
    written = BytesIO()
    paper.save(written, "JPEG", quality=QUALITY)
    return Picture(written.getvalue(), paper.width, paper.height)


def _write_logo(found: Image.Image) -> Picture:
    found.load()
    logo = ImageOps.exif_transpose(found).convert("RGBA")
    logo.thumbnail((LOGO_PIXELS, LOGO_PIXELS))
    paper = Image.new("RGBA", (LOGO_PIXELS, LOGO_PIXELS), (0, 0, 0, 0))
    paper.paste(logo, ((LOGO_PIXELS - logo.width) // 2, (LOGO_PIXELS - logo.height) // 2))
    written = BytesIO()
    paper.save(written, "PNG", optimize=True)
    return Picture(written.getvalue(), paper.width, paper.height)


def _write_sizes(found: Image.Image) -> list[Picture]:
    with suppress(AttributeError, ValueError):
        found.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
    found.load()
    whole = ImageOps.exif_transpose(found)
    whole = whole.convert("RGBA" if whole.has_transparency_data else "RGB")
    # One that is higher than wide is bounded too, or a tower of pixels would pass as a narrow picture.
    whole.thumbnail((WIDTHS[-1], WIDTHS[-1] * 2))
    sizes = []
    for width in widths_of(whole.width):
        picture = whole.resize((width, max(1, round(whole.height * width / whole.width))), Image.Resampling.LANCZOS)
        written = BytesIO()
        picture.save(written, "WEBP", quality=WEBP_QUALITY, method=4)
        sizes.append(Picture(written.getvalue(), picture.width, picture.height))
    return sizes
