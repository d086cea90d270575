"""Receivers of letters: a mail server that others wrote (aiosmtpd), and a plain HTTP server that keeps what is posted to it."""

import json
import socket
import threading
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Mailbox:
    """A mail server on loopback. `answer` is what it says to a mail, `refuses` maps a receiver to an answer."""

    def __init__(self, *, user=None, password=None, context=None, starts_tls=False):
        self.mails, self.answer, self.refuses = [], "250 taken", {}
        self.user, self.password = user, password
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        options = {"hostname": "127.0.0.1", "port": self.port}
        if user:
            options |= {"authenticator": self._knows, "auth_required": True, "auth_require_tls": starts_tls}
        if starts_tls:
            options |= {"tls_context": context, "require_starttls": True}
        elif context is not None:
            options["ssl_context"] = context
        self.options = options

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.server = Controller(self, **self.options)
        self.server.start()

    def stop(self):
        self.server.stop()

    def _knows(self, server, session, envelope, mechanism, data):
        known = (self.user.encode(), self.password.encode())
        is_known = isinstance(data, LoginPassword) and (data.login, data.password) == known
        return AuthResult(success=is_known, handled=is_known)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("2"):
            mail = message_from_bytes(envelope.content, policy=default)
            self.mails.append((tuple(envelope.rcpt_tos), mail))
        return self.answer


class Receiver:
    """An HTTP server on loopback that keeps (path, headers, body) and answers with `status` and `body`."""

    def __init__(self, body=b"{}", status=200):
        self.posts, self.body, self.status, self.headers = [], body, status, {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                content = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append((self.path, {k.lower(): v for k, v in self.headers.items()}, content))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(receiver.body)))
                self.end_headers()
                self.wfile.write(receiver.body)

            def log_message(self, *_):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def told(self):
        """The bodies, as JSON."""
        return [json.loads(content) for _, _, content in self.posts]
