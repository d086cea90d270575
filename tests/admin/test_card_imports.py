"""Codes pasted or uploaded: what is small is done at once, what is large by the worker, and every line is told apart."""

import re

import pytest

from app import clock, stock
from app.commands.worker import run_job
from app.db import transaction

PAGE = "/admin/products/1/card_imports/new"
PATH = "/admin/products/1/card_imports"


def paste(olga, text, **fields):
    answer = olga.post(PATH, {"codes": text} | fields, page=PAGE)
    return olga.get(answer.headers["Location"]) if answer.status_code == 303 else answer


def upload(olga, content, name="codes.txt", **fields):
    answer = send(olga, PATH, [*({"csrf_token": olga.token(PAGE)} | fields).items()], [("file", name, content)])
    return olga.get(answer.headers["Location"]) if answer.status_code == 303 else answer


def send(olga, path, parts, files=()):
    """As a browser sends it, without the test client's temporary files."""
    head = '--line\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    body = b"".join(f"{head.format(name, '')}{value}\r\n".encode() for name, value in parts)
    for field, name, content in files:
        body += head.format(field, f'; filename="{name}"').encode() + content + b"\r\n"
    options = {"data": body + b"--line--\r\n", "content_type": "multipart/form-data; boundary=line"}
    return olga._send("POST", path, **options)


def codes(shop):
    return shop.count("SELECT count(*) FROM card")


@pytest.mark.both_databases
def test_it_tells_duplicates_apart_by_their_lines(olga, shop):
    answer = paste(olga, "NEW-1\r\nPS-00000\r\n\r\nNEW-1\r\nNEW-2\r\nbad\x07code\r\n")
    assert codes(shop) == 22
    report = answer.text.partition('id="progress"')[2].partition("</section>")[0]
    assert [len(re.findall(rf">\D*{line}\D*</dd>", report)) for line in ("4", "2", "6")] == [1, 1, 1]
    assert shop.count("SELECT added FROM card_import ORDER BY id DESC LIMIT 1") == 2
    # Once more, as by a second press: nothing is there twice.
    assert "已更改" not in paste(olga, "NEW-1\r\nNEW-2").text
    assert codes(shop) == 22


def test_it_never_shows_the_codes_again(olga):
    answer = paste(olga, "SECRET-CODE-1")
    assert "SECRET-CODE-1" not in answer.text
    assert "PS-00001" not in olga.get(PAGE).text


@pytest.mark.parametrize("text", ["", "\n", " \r\n\t"])
def test_it_asks_for_codes_when_there_are_none(olga, shop, text):
    answer = paste(olga, text)
    assert codes(shop) == 20
    assert (answer.status_code, 'id="codes-error"' in answer.text) == (422, True)


def test_it_takes_megabytes_and_no_more_than_sixteen(olga, shop):
    token = ("csrf_token", olga.token(PAGE))
    assert (
        send(olga, PATH, [token, ("codes", "\n".join(f"{number:0100d}" for number in range(2000)))]).status_code == 303
    )
    assert codes(shop) == 2020
    assert send(olga, PATH, [token, ("codes", "x" * (16 * 1024 * 1024 + 128 * 1024))]).status_code == 413
    # Elsewhere half a megabyte is enough.
    assert send(olga, "/login", [token, ("codes", "x" * 600_000)]).status_code == 413


def test_it_refuses_more_lines_than_it_can_take_at_once(olga, shop):
    answer = paste(olga, "\n".join(map(str, range(100_001))))
    assert (answer.status_code, 'id="codes-error"' in answer.text) == (422, True)
    assert codes(shop) == 20


@pytest.mark.parametrize(
    ("content", "name", "fields", "found"),
    [
        ("\ufeffA-1\r\nA-2\r\n".encode(), "codes.txt", {}, ["A-1", "A-2"]),
        ("密码-一\r\n密码-二".encode("gbk"), "CODES.TXT", {}, ["密码-一", "密码-二"]),
        ("A-1\nA-2".encode("utf-16"), "codes.txt", {}, ["A-1", "A-2"]),
        (b"A-1,one\r\nA-2,two", "codes.csv", {}, ["A-1----one", "A-2----two"]),
        (b'code;secret\n"A;1";x\nA-2;y', "codes.csv", {"has_heading": "y"}, ["A;1----x", "A-2----y"]),
        (b'A-1,"odd\nA-2,\n', "codes.csv", {}, ["A-1----odd", "A-2"]),
    ],
    ids=["bom", "gbk", "utf-16", "csv", "heading", "odd quotes"],
)
def test_it_reads_files_as_merchants_have_them(olga, shop, content, name, fields, found):
    """K07."""
    upload(olga, content, name, **fields)
    assert codes(shop) == 22
    for code in found:
        assert "pick" in olga.get("/admin/cards", query_string={"q": code}).text, code


def test_a_bad_line_never_loses_the_rest_of_a_file(olga, shop):
    """K07: a line that no encoding fits, NUL, a megabyte on one line."""
    answer = upload(olga, b"A-1\n\xff\xff\xff\nA\x00B\n" + b"x" * 1_000_000 + b"\n\xe5\xaf\x86-2\n")
    assert codes(shop) == 22
    assert "2、3、4" in answer.text
    report = olga.get(f"/admin/batches/{shop.count('SELECT max(id) FROM card_import')}/report")
    assert [line.split(",")[0] for line in report.text.splitlines()[1:]] == ["2", "3", "4"]


@pytest.mark.parametrize("name", ["codes.xlsx", "codes", "../x.exe"])
def test_it_takes_no_other_files(olga, shop, name):
    answer = upload(olga, b"A-1", name)
    assert (answer.status_code, 'id="file-error"' in answer.text, codes(shop)) == (422, True, 20)


def test_it_takes_one_way_at_a_time_and_no_json(olga, shop):
    answer = upload(olga, b"A-1", codes="A-2")
    assert (answer.status_code, 'id="file-error"' in answer.text) == (422, True)
    token = olga.token(PAGE)
    for body in ([1], {"codes": 1}, {"codes": "JSON-1"}):
        assert olga._send("POST", PATH, json=body, headers={"X-CSRFToken": token}).status_code == 422
    assert codes(shop) == 20


@pytest.mark.both_databases
def test_the_worker_takes_in_what_is_large_and_goes_on_after_a_crash(app, olga, shop):
    lines = [f"L-{number % 4500:05d}" for number in range(5000)]
    page = paste(olga, "\n".join([*lines, "PS-00001"]))
    assert codes(shop) == 20
    number = shop.count("SELECT max(id) FROM card_import")
    assert f'hx-get="/admin/batches/{number}/progress"' in page.text
    assert 'value="0" max="5001"' in page.text
    # Nobody beats: the page says so. One chunk is taken in, and the process ends.
    assert "notice-loss" in page.text
    transaction(stock.take_chunk, clock.now())
    assert codes(shop) == 2020
    assert 'value="2000"' in olga.get(f"/admin/batches/{number}/progress").text
    assert run_job(app, "imports", "worker:1")
    assert codes(shop) == 4520
    done = olga.get(f"/admin/batches/{number}/progress").text
    assert "hx-get" not in done
    assert "4500" in done
    # Nothing is left of the text, and what was left out is told by its lines.
    assert shop.count("SELECT count(*) FROM card_import_chunk WHERE length(codes_sealed) > 0") == 0
    report = olga.get(f"/admin/batches/{number}/report").text.splitlines()[1:]
    assert [line.split(",")[0] for line in report] == [str(line) for line in range(4501, 5002)]
    assert run_job(app, "imports", "worker:1")
    assert codes(shop) == 4520
