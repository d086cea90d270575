"""What leaves the shop for an address that somebody typed in reaches nobody's private network (I06)."""

import ipaddress
import socket
import threading
import time

import pytest

from app import exchange
from app.exchange import Forbidden, NotConnected, Unreachable, is_public, post_outward
from tests.fakes.letter_box import Receiver

LOOPBACK = ("127.0.0.0/8",)


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "0", "0.0.0.0", "2130706433", "127.1", "0x7f000001", "10.0.0.7", "172.16.0.1",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]",
        "[fd00::1]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    ],
)  # fmt: skip
def test_a_private_address_is_refused_however_it_is_spelled(host, receiver):
    port = receiver.server.server_port
    for scheme in ("http", "https"):
        with pytest.raises(NotConnected):
            post_outward(f"{scheme}://{host}:{port}/", b"{}", {})
    assert receiver.posts == []


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_addresses_are_known(address):
    assert is_public(ipaddress.ip_address(address))


def answers(*addresses):
    def look_up(_host, port, *_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return look_up


def test_one_private_address_among_public_ones_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.215.14", "10.0.0.7"))
    with pytest.raises(Forbidden, match="private"):
        post_outward("https://hooks.example.com/", b"{}", {})


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_called(receiver, monkeypatch):
    asked = []
    real = socket.getaddrinfo

    def rebind(host, *rest, **options):
        if host != "hooks.example.com":
            return real(host, *rest, **options)
        asked.append(host)
        return answers("127.0.0.1" if len(asked) == 1 else "169.254.169.254")(host, *rest)

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    url = f"http://hooks.example.com:{receiver.server.server_port}/a?b=c"
    assert post_outward(url, b"{}", {}, inward=LOOPBACK).status == 200
    assert asked == ["hooks.example.com"]
    [(path, headers, _)] = receiver.posts
    assert (path, headers["host"]) == ("/a?b=c", f"hooks.example.com:{receiver.server.server_port}")


def test_plain_http_goes_nowhere_but_inward(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.215.14"))
    with pytest.raises(Forbidden, match="https"):
        post_outward("http://hooks.example.com/", b"{}", {}, inward=LOOPBACK)


def test_a_redirect_is_an_answer_and_not_followed(receiver):
    receiver.status, receiver.headers = 302, {"Location": f"{receiver.url}/elsewhere"}
    assert post_outward(receiver.url, b"{}", {}, inward=LOOPBACK).status == 302
    assert [path for path, _, _ in receiver.posts] == ["/"]


def test_a_name_that_nobody_knows_is_told(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotConnected, match="not known"):
        post_outward("https://nowhere.example.com/", b"{}", {})


def drip(listener):
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        try:
            for _ in range(100):
                connection.sendall(b"x")
                time.sleep(0.05)
        except OSError:
            return


def test_an_answer_that_drips_is_cut_off():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        began = time.monotonic()
        with pytest.raises(Unreachable):
            post_outward(f"http://127.0.0.1:{listener.getsockname()[1]}/", b"", {}, whole_seconds=0.3, inward=LOOPBACK)
        assert time.monotonic() - began < 3
        thread.join()


def test_a_long_answer_is_not_read_to_its_end(receiver):
    receiver.body = b"x" * (exchange.MOST_BYTES + 1)
    with pytest.raises(Unreachable, match="too long"):
        post_outward(receiver.url, b"{}", {}, inward=LOOPBACK)
