"""Pictures that strangers send: read by their content, bounded before they are unpacked, and written anew without metadata."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from app.errors import N_, Refusal

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE_PIXELS = 2000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85
LOGO_PIXELS = 192


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


def _read(data: bytes, write: Callable[[Image.Image], Picture]) -> Picture:
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
