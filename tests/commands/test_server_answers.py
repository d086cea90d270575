"""What the real server says on the wire, to the letter (H05)."""

import socket

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("load")]
SECRETS = (
    *(
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/x.db",
        "/shop.sqlite3",
        "/instance/shop.sqlite3",
        "/instance/keys/secret_key",
    ),
    *("/backup.zip", "/backup.sql", "/console", "/wsgi.py", "/static/../wsgi.py", "/static/..%2f..%2fwsgi.py"),
    *("/static/css/shop.css.map", "/phpinfo.php", "/server-status"),
)


def exchange(server, request, headers=""):
    """The first line and the headers of what the server answers to these very bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(f"{request}\r\nHost: 127.0.0.1:{server.port}\r\n{headers}Connection: close\r\n\r\n".encode())
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    head = received.decode("utf-8", "replace").partition("\r\n\r\n")[0]
    line, *fields = head.split("\r\n")
    return line, {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}


def test_it_tells_nothing_of_its_software(server):
    for request in ("GET / HTTP/1.1", "GET /nothing HTTP/1.1", "POST /orders HTTP/1.1", "RUBBISH", "GET / HTTP/9.9"):
        line, fields = exchange(server, request)
        assert "x-powered-by" not in fields
        told = f"{line} {fields.get('server', '')} {fields.get('via', '')}".lower()
        assert not [word for word in ("granian", "hyper", "werkzeug", "flask", "python") if word in told], told


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "BOGUS"])
def test_it_takes_no_odd_method(server, method):
    target = "example.com:443" if method == "CONNECT" else "/"
    line, _fields = exchange(server, f"{method} {target} HTTP/1.1", "X-Secret: echo-me\r\n")
    assert line.startswith("HTTP/1.1 405")


def test_files_that_are_no_pages_are_not_there(server):
    answers = {path: exchange(server, f"GET {path} HTTP/1.1")[0] for path in SECRETS}
    assert [path for path, line in answers.items() if not line.startswith("HTTP/1.1 404")] == []


def test_smuggled_requests_are_refused(server):
    """Two lengths that disagree, and a length beside chunks, are how one request hides in another."""
    for framing in (
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: 1x\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
    ):
        line, _fields = exchange(server, "POST /hooks/payments/sandbox HTTP/1.1", framing)
        assert line.startswith("HTTP/1.1 4"), framing
