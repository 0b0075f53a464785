"""Signatures by name of algorithm: ES256 today; SM2 is one more entry of :data:`ALGORITHMS`.

The key is derived from the installation's secret: every node has it, none stores it, and whoever
holds the database alone does not.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from app.core.crypto import derive

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HALF = 32  # bytes of r and of s: ES256 is r || s (RFC 7518, 3.4)


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key: ``public`` is DER (SubjectPublicKeyInfo), ``key_id`` its fingerprint."""

    algorithm: str
    key_id: str
    public: bytes
    sign: Callable[[bytes], bytes]


def signer(secret: bytes, purpose: str) -> Signer:
    """Return the installation's signing key for ``purpose``."""
    number = int.from_bytes(derive(secret, f"sign/ES256/{purpose}")) % (_P256_ORDER - 1) + 1
    key = ec.derive_private_key(number, ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(_HALF) + s.to_bytes(_HALF)

    return Signer("ES256", key_id("ES256", public), public, sign)


def key_id(algorithm: str, public: bytes) -> str:
    """Return the name of a public key: its algorithm and the first 128 bits of its SHA-256."""
    return f"{algorithm}-{hashlib.sha256(public).hexdigest()[:32]}"


def holds(algorithm: str, public: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether ``signature`` is that key's over ``message``; False for an unknown algorithm."""
    check = ALGORITHMS.get(algorithm)
    return check is not None and check(public, signature, message)


def _es256(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        key = serialization.load_der_public_key(public)
    except ValueError:
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(signature) != 2 * _HALF:
        return False
    pair = (int.from_bytes(signature[:_HALF]), int.from_bytes(signature[_HALF:]))
    try:
        key.verify(encode_dss_signature(*pair), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return isinstance(key.curve, ec.SECP256R1)


ALGORITHMS: Mapping[str, Callable[[bytes, bytes, bytes], bool]] = {"ES256": _es256}
