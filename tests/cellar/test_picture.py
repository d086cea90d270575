"""Pictures from strangers: what comes out is a plain JPEG, and what is none is refused (guard I05)."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from app.errors import Refusal
from app.picture import clean_picture


def written(size=(40, 30), format="PNG", mode="RGB", **options) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red").save(out, format, **options)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("mode", "format"), [("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("I;16", "PNG")]
)
def test_colours_of_every_kind_are_read(mode, format):
    out = BytesIO()
    Image.new(mode, (20, 10)).save(out, format)
    picture = clean_picture(out.getvalue())
    assert (picture.width, picture.height) == (20, 10)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_back_as_a_jpeg_of_its_size(format):
    picture = clean_picture(written(format=format))
    with Image.open(BytesIO(picture.data)) as seen:
        assert (seen.format, seen.size, (picture.width, picture.height)) == ("JPEG", (40, 30), (40, 30))


def test_a_large_picture_is_made_smaller_and_keeps_its_shape():
    picture = clean_picture(written((4000, 1000)))
    assert (picture.width, picture.height) == (2000, 500)


def test_where_and_with_what_it_was_taken_is_gone():
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif[0x0112] = 6
    data = written((40, 30), "JPEG", exif=exif)
    assert b"Secret Camera" in data
    picture = clean_picture(data)
    assert b"Secret Camera" not in picture.data
    assert b"Exif" not in picture.data
    assert (picture.width, picture.height) == (30, 40), "it is turned as the camera held it"


def test_what_was_hidden_behind_the_picture_is_gone():
    for extra in (b"<script>alert(1)</script>", b"<?php system($_GET[0]);", b"PK\x03\x04polyglot"):
        assert extra not in clean_picture(written(format="JPEG") + extra).data


def test_what_is_transparent_becomes_white():
    picture = clean_picture(transparent())
    with Image.open(BytesIO(picture.data)) as seen:
        assert min(seen.getpixel((5, 5))) > 250


def transparent() -> bytes:
    out = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"just text, whatever its name", id="text"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', id="svg"),
        pytest.param(b"GIF89a" + bytes(40), id="gif"),
        pytest.param(written(format="GIF"), id="a-true-gif"),
        pytest.param(written(format="TIFF"), id="tiff"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", id="eps"),
        pytest.param(written(format="JPEG", size=(400, 300))[:-300], id="truncated-jpeg"),
        pytest.param(written(size=(400, 300))[:60], id="truncated-png"),
        pytest.param(written()[:8], id="only-the-head"),
        pytest.param(bomb(20_000, 20_000), id="20000x20000"),
        pytest.param(bomb(60_000, 60_000), id="decompression-bomb"),
        pytest.param(bomb(0, 10), id="no-width"),
        pytest.param(b"PK\x03\x04" + bytes(200), id="zip"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(400), id="jpeg-magic-only"),
        pytest.param(written() + bytes(5 * 1024 * 1024), id="more-than-5-mib"),
    ],
)
def test_everything_else_is_refused(data):
    with pytest.raises(Refusal) as refusal:
        clean_picture(data)
    assert refusal.value.field == "picture"
    assert refusal.value.status == 422
