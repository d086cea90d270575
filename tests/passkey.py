"""A key in somebody's hand: it makes and signs as an authenticator does (WebAuthn, level 2), and can be told to do it wrong."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40
USUAL = PRESENT | VERIFIED


def text(content):
    return urlsafe_b64encode(content).rstrip(b"=").decode()


class Key:
    def __init__(self, host="localhost", origin="http://localhost"):
        self.host, self.origin = host, origin
        self.key, self.id, self.count = generate_private_key(SECP256R1()), secrets.token_bytes(32), 0

    def make(self, options, **changes):
        """The answer of a browser to the options by which a key is made."""
        told = {"flags": USUAL} | changes
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        named = bytes(16) + len(self.id).to_bytes(2, "big") + self.id
        data = self._data(told["flags"] | WITH_KEY) + named + cbor2.dumps(public)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": self._client("create", options, told), "attestationObject": attested})

    def sign(self, options, **changes):
        """The answer of a browser to the options by which a key signs."""
        told = {"flags": USUAL, "step": 1} | changes
        self.count += told["step"]
        data, client = self._data(told["flags"]), self._client("get", options, told)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def _data(self, flags):
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, act, options, told):
        challenge = told.get("challenge", options["challenge"])
        content = {"type": f"webauthn.{told.get('act', act)}", "challenge": challenge, "origin": self.origin}
        return json.dumps(content | {"crossOrigin": False}).encode()

    def _answer(self, response):
        response = {name: text(content) for name, content in response.items()}
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})


def drawn(visitor, path="/challenges", page="/me/security"):
    """What the shop wants signed."""
    answer = visitor.post(path, page=page)
    assert answer.status_code == 200, answer.text
    assert len(urlsafe_b64decode(answer.json["challenge"] + "==")) >= 32
    return answer.json


def add(visitor, key, name="钥匙", **changes):
    """Add a key at the page of security."""
    options = drawn(visitor, "/me/passkeys/challenge")
    form = {"name": name, "answer": key.make(options, **changes)}
    return visitor.post("/me/passkeys", form, page="/me/passkeys/new")
