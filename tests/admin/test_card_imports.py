"""Codes pasted into stock."""

import io
import re

import pytest

PAGE = "/admin/products/1/card_imports/new"
PATH = "/admin/products/1/card_imports"


def paste(olga, text):
    return olga.post(PATH, {"codes": text}, page=PAGE)


def codes(shop):
    return shop.count("SELECT count(*) FROM card")


@pytest.mark.both_databases
def test_it_tells_duplicates_apart_by_their_lines(olga, shop):
    answer = paste(olga, "NEW-1\r\nPS-00000\r\n\r\nNEW-1\r\nNEW-2\r\nbad\x07code\r\n")
    assert answer.status_code == 200
    assert codes(shop) == 22
    report = answer.text.partition('role="status"')[2]
    assert [len(re.findall(rf">\D*{line}\D*</dd>", report)) for line in ("4", "2", "6")] == [1, 1, 1]
    assert shop.count("SELECT added FROM card_import ORDER BY id DESC LIMIT 1") == 2


def test_it_never_shows_the_codes_again(olga):
    answer = paste(olga, "SECRET-CODE-1")
    assert "SECRET-CODE-1" not in answer.text
    assert "PS-00001" not in olga.get(PAGE).text


@pytest.mark.parametrize("text", ["", "\n"])
def test_it_asks_for_codes_when_there_are_none(olga, shop, text):
    answer = paste(olga, text)
    assert codes(shop) == 20
    assert (answer.status_code, 'id="codes-error"' in answer.text) in ((422, True), (200, False))


def send(olga, path, token, codes):
    """As a browser sends it, without the test client's temporary files."""
    parts = (("csrf_token", token), ("codes", codes))
    text = "".join(
        f'--line\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts
    )
    body = f"{text}--line--\r\n".encode()
    return olga._send("POST", path, data=body, content_type="multipart/form-data; boundary=line")


def test_it_takes_megabytes_and_no_more_than_five(olga, shop):
    token = olga.token(PAGE)
    assert send(olga, PATH, token, "\n".join(f"{number:0100d}" for number in range(10000))).status_code == 200
    assert codes(shop) == 10020
    assert send(olga, PATH, token, "x" * (5 * 1024 * 1024 + 64 * 1024)).status_code == 413
    # Elsewhere half a megabyte is enough.
    assert send(olga, "/login", token, "x" * 600_000).status_code == 413


def test_it_refuses_more_lines_than_it_can_take_at_once(olga, shop):
    answer = paste(olga, "\n".join(map(str, range(20001))))
    assert (answer.status_code, 'id="codes-error"' in answer.text) == (422, True)
    assert codes(shop) == 20


def test_it_takes_neither_files_nor_json(olga, shop):
    token = olga.token(PAGE)
    data = {"csrf_token": token, "codes": (io.BytesIO(b"FILE-1"), "codes.txt")}
    assert olga._send("POST", PATH, data=data, content_type="multipart/form-data").status_code == 422
    for body in ([1], {"codes": 1}, {"codes": "JSON-1"}):
        assert olga._send("POST", PATH, json=body, headers={"X-CSRFToken": token}).status_code == 422
    assert codes(shop) == 20
