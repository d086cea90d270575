"""Certificates as Alipay wants them: a serial number of its own making, which tells it whose key signed a call.

The rule (Alipay, "certificate mode"): MD5 of the issuer's name and the decimal serial number; of a root file, those of its
certificates that are signed by RSA, joined by "_".
"""

import base64
import binascii
import hashlib
import re
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

_RSA = "1.2.840.113549.1.1."
FEWEST_BITS = 2048
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----")


# Its primes are tested when it is read, which takes longer than a page, and whoever shows a channel asks whether its keys are sound.
@lru_cache(maxsize=8)
def read_private_key(text: str) -> RSAPrivateKey:
    """An application's private key: PEM, or the bare Base64 that Alipay's own tool gives. Raises ValueError."""
    try:
        if "-----BEGIN" in text:
            key = load_pem_private_key(text.strip().encode(), password=None)
        else:
            key = load_der_private_key(base64.b64decode("".join(text.split()), validate=True), password=None)
    except (TypeError, binascii.Error) as error:
        raise ValueError("no private key") from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < FEWEST_BITS:
        raise ValueError("no RSA key of 2048 bits")
    return key


def read_public_key(text: str) -> RSAPublicKey:
    """A public key: PEM, or the bare Base64 that Alipay's page shows. Raises ValueError."""
    try:
        if "-----BEGIN" in text:
            key = load_pem_public_key(text.strip().encode())
        else:
            key = load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    except binascii.Error as error:
        raise ValueError("no public key") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < FEWEST_BITS:
        raise ValueError("no RSA key of 2048 bits")
    return key


def read_certificate(text: str) -> x509.Certificate:
    """The first certificate of a PEM file. Raises ValueError when there is none."""
    return x509.load_pem_x509_certificate(text.strip().encode())


def read_root_file(text: str) -> list[x509.Certificate]:
    """The certificates of Alipay's root file, in its order.

    One of them is signed by an elliptic curve in an encoding that strict readers refuse; no serial number needs it.
    """
    found = []
    for block in _BLOCK.findall(text):
        try:
            found.append(read_certificate(block))
        except ValueError:
            continue
    return found


def public_key(certificate: x509.Certificate) -> RSAPublicKey:
    """Raises ValueError when the certificate is not of an RSA key."""
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < FEWEST_BITS:
        raise ValueError("no RSA key of 2048 bits")
    return key


def serial(certificate: x509.Certificate) -> str:
    """What Alipay calls the certificate's SN."""
    name = certificate.issuer.rfc4514_string()
    return hashlib.md5(f"{name}{certificate.serial_number}".encode(), usedforsecurity=False).hexdigest()


def root_serial(certificates: list[x509.Certificate]) -> str:
    """What Alipay calls the SN of its root certificate file; empty when no certificate in it is signed by RSA."""
    signed = [one for one in certificates if one.signature_algorithm_oid.dotted_string.startswith(_RSA)]
    return "_".join(serial(one) for one in signed)
