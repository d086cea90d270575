"""Pictures of products: written anew in three widths, in an order, and nothing that is no picture (I05)."""

import io
import zipfile

import pytest
from PIL import Image

from app import catalog
from app.db import db

PAGE = "/admin/products/1/pictures"


def drawn(width=1600, height=1200, format="JPEG", colour="#336699", **options):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, format, **options)
    return out.getvalue()


def put_up(visitor, *files):
    # Written by hand: the test client would keep what is large in a file that it never closes.
    edge = b"--edge\r\nContent-Disposition: form-data; "
    parts = [b'name="csrf_token"\r\n\r\n' + visitor.token(PAGE).encode()]
    parts += [f'name="picture"; filename="{name}"\r\n\r\n'.encode() + data for name, data in files]
    body = b"".join(edge + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return visitor._send("POST", PAGE, data=body, content_type="multipart/form-data; boundary=edge")


def shots():
    db.session.rollback()
    return catalog.photos_of(db.session, 1)


def symlink_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0xA1FF << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def huge_png():
    head = drawn(1, 1, "PNG")
    return head[:16] + (20000).to_bytes(4, "big") * 2 + head[24:]


@pytest.mark.both_databases
def test_a_picture_is_written_anew_as_webp_in_three_widths_and_shown(olga):
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    assert put_up(olga, ("../../x.jpg", drawn(exif=exif))).status_code == 303
    [shot] = shots()
    assert (shot.widths, shot.width, shot.height) == ([320, 640, 1280], 1280, 960)
    for width in shot.widths:
        answer = olga.get(f"/photo/{shot.digest}-{width}.webp")
        assert (answer.content_type, "immutable" in answer.headers["Cache-Control"]) == ("image/webp", True)
        assert b"SECRET" not in answer.data
        with Image.open(io.BytesIO(answer.data)) as found:
            assert (found.format, found.width) == ("WEBP", width)
    for page in ("/", "/p/ps", "/admin/products", PAGE):
        assert f"/photo/{shot.digest}-320.webp" in olga.get(page).text, page
    assert olga.get(f"/photo/{shot.digest}-999.webp").status_code == 404


def test_a_small_picture_is_not_blown_up(olga):
    put_up(olga, ("a.png", drawn(400, 900, "PNG")))
    assert (shots()[0].widths, shots()[0].height) == ([320, 400], 900)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("x.php.jpg", b"<?php system($_GET[0]); ?>"),
        ("x.jpg", huge_png()),
        ("empty.png", b""),
        ("big.jpg", drawn(8, 8) + b"\0" * (5 * 1024 * 1024)),
        ("x.zip", symlink_zip()),
        ("x.gif", drawn(8, 8, "GIF")),
        ("cut.jpg", drawn()[:2000]),
        ("../../x", b"../../etc/passwd"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_picture_is_refused_with_a_reason(olga, name, data):
    answer = put_up(olga, ("good.jpg", drawn()), (name, data))
    assert (answer.status_code, 'id="picture-error"' in answer.text) == (422, True)
    assert "2" in answer.text.partition('id="picture-error"')[2][:200]
    assert shots() == []


def test_a_polyglot_loses_what_is_no_picture(olga):
    put_up(olga, ("x.jpg", drawn() + b"<?php system(1); ?><script>alert(1)</script>" + symlink_zip()))
    [shot] = shots()
    for width in shot.widths:
        data = olga.get(f"/photo/{shot.digest}-{width}.webp").data
        assert not any(part in data for part in (b"<?php", b"<script", b"PK\x03\x04"))


def test_fifty_megabytes_are_not_taken_in(olga):
    assert put_up(olga, ("x.jpg", b"\0" * (50 * 1024 * 1024))).status_code == 413
    assert shots() == []


def test_the_same_picture_twice_is_there_once_and_the_ninth_is_refused(olga):
    for _ in range(2):
        put_up(olga, ("a.png", drawn(40, 30, "PNG")))
    assert len(shots()) == 1
    colours = [f"#{number}0{number}0{number}0" for number in range(1, 9)]
    assert put_up(olga, *[("b.png", drawn(40, 30, "PNG", colour)) for colour in colours]).status_code == 422
    assert put_up(olga, *[("b.png", drawn(40, 30, "PNG", colour)) for colour in colours[:7]]).status_code == 303
    assert len(shots()) == 8


def test_pictures_are_described_put_in_order_and_removed(olga):
    put_up(olga, ("a.png", drawn(40, 30, "PNG", "red")), ("b.png", drawn(40, 30, "PNG", "blue")))
    first, second = shots()
    for _ in range(2):
        assert olga.post(f"{PAGE}/{second.id}/place", {"place": "0"}).status_code == 303
        assert [shot.id for shot in shots()] == [second.id, first.id]
    olga.post(f"{PAGE}/{second.id}", {"alt": 'Ein "Bild" 🌊'})
    assert 'alt="Ein &#34;Bild&#34; 🌊"' in olga.get("/p/ps").text
    assert olga.post(f"{PAGE}/{second.id}", {"alt": "a\x00b"}).status_code == 422
    olga.post(f"{PAGE}/{second.id}/removal")
    assert [shot.id for shot in shots()] == [first.id]
    assert olga.get(f"/photo/{second.digest}-40.webp").status_code == 404
