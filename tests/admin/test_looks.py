"""The shop's look: an accent that is read in both themes, and a logo."""

from io import BytesIO

import pytest
from PIL import Image

from app import audit
from app import shop as shop_room
from app.db import db

PATH, LOGO = "/admin/look", "/admin/logo"


def settings():
    db.session.rollback()
    return shop_room.read_settings(db.session)


def picture(kind="PNG", size=(400, 200), colour=(29, 78, 216, 0)):
    written = BytesIO()
    Image.new("RGBA", size, colour).convert("RGBA" if kind != "JPEG" else "RGB").save(written, kind)
    return written.getvalue()


def send(olga, data, name="logo.png"):
    token = olga.token(LOGO)
    form = {"csrf_token": token, "picture": (BytesIO(data), name)}
    return olga._send("POST", LOGO, data=form, content_type="multipart/form-data")


def test_a_colour_that_is_read_becomes_the_shops(olga, visitor, form_of):
    assert "theme.css" not in visitor.get("/").text, "the colour of tokens.css needs no sheet of its own"
    answer = olga.post(PATH, form_of(PATH, PATH) | {"accent": "#1d4ed8"})
    assert answer.status_code == 303
    front = visitor.get("/").text
    address = front.split('href="/theme.css')[1].split('"')[0]
    sheet = visitor.get(f"/theme.css{address}")
    assert sheet.content_type == "text/css; charset=utf-8"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "--accent:#1d4ed8" in sheet.text
    assert "prefers-color-scheme:dark" in sheet.text
    assert "no-cache" in visitor.get("/theme.css?v=other").headers["Cache-Control"]
    assert "style=" not in front
    assert 'content="#1d4ed8"' in front, "theme-color"
    assert "#1d4ed8" in visitor.get("/mark.svg?v=1d4ed8").text
    db.session.rollback()
    [entry] = audit.entries_of(db.session, "setting:look")
    assert entry.change == {"accent": ("#0b7a55", "#1d4ed8")}


@pytest.mark.parametrize(("own", "words"), [("#ffcc00", "1.29 : 1"), ("#777777", "3.84 : 1"), ("red", "#1d4ed8")])
def test_a_colour_that_is_not_read_is_refused_in_words(olga, form_of, own, words):
    answer = olga.post(PATH, form_of(PATH, PATH) | {"accent": "own", "own": own})
    assert (answer.status_code, 'id="own-error"' in answer.text) == (422, True)
    assert words in answer.text
    assert settings().accent == "#0b7a55"


def test_a_colour_of_ones_own_counts_though_the_swatch_was_left_as_it_was(olga, form_of):
    filled = form_of(PATH, PATH)
    assert filled["accent"] == "#0b7a55"
    assert olga.post(PATH, filled | {"own": "#8a1c7c"}).status_code == 303
    assert settings().accent == "#8a1c7c"
    # What was refused stands in the form still: whoever then chooses a swatch means the swatch, be it the present one.
    assert olga.post(PATH, {"accent": "#0b7a55", "own": "#ffff00", "own_shown": "#ffff00"}).status_code == 303
    assert settings().accent == "#0b7a55"
    assert olga.post(PATH, form_of(PATH, PATH) | {"accent": "#1d4ed8"}).status_code == 303
    assert settings().accent == "#1d4ed8", "a swatch that was chosen goes before what stands beside it"


def test_a_colour_is_shown_before_it_is_saved(olga):
    shown = olga.get(f"{PATH}/sample?accent=own&own=%237c3aed").text
    assert "#7c3aed" in shown
    assert "style=" not in shown
    assert "script" not in olga.get(f"{PATH}/sample?own=%22><script>").text


def test_a_logo_is_written_anew_and_shown_everywhere(olga, visitor):
    assert send(olga, picture()).status_code == 303
    digest = settings().logo
    answer = visitor.get(f"/logo/{digest}.png")
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert "immutable" in answer.headers["Cache-Control"]
    with Image.open(BytesIO(answer.data)) as written:
        assert written.size == (192, 192)
        assert written.mode == "RGBA", "what is see-through stays so"
    front = visitor.get("/").text
    assert front.count(f"/logo/{digest}.png") >= 3, "in the tab, on a phone's home screen, and beside the name"
    assert send(olga, picture("JPEG"), "x.svg").status_code == 303
    assert visitor.get(f"/logo/{digest}.png").status_code == 404, "the one before is gone"
    assert olga.post(f"{LOGO}/removal").status_code == 303
    assert settings().logo == ""
    assert "favicon.svg" in visitor.get("/").text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(100),
        picture()[:60],
    ],
)
def test_what_is_no_picture_is_refused(olga, data):
    """I05."""
    answer = send(olga, data)
    assert answer.status_code == 422
    assert settings().logo == ""
