"""The one module that encrypts: envelopes of personal data and blind indexes over them.

Each value gets a data key of its own (AES-256-GCM), wrapped by a key derived from the
installation's secret; the blind index is HMAC-SHA256 of the normalised value under another
derived key, so that equal values can be found without being read.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_ID = "std-1"
_NONCE = 12


@lru_cache(maxsize=64)
def derive(secret: bytes, purpose: str) -> bytes:
    """Return the 32-byte key of ``purpose`` under the installation's secret."""
    return HKDF(SHA256(), 32, salt=None, info=f"park/{purpose}".encode()).derive(secret)


@dataclass(frozen=True, slots=True)
class Envelope:
    """An encrypted value as it is stored: which key wrapped it, the wrapped key, the text."""

    key_id: str
    wrapped_key: bytes
    ciphertext: bytes


def seal(secret: bytes, value: str, context: str) -> Envelope:
    """Encrypt ``value``; ``context`` (register, record, field) is bound to it."""
    data_key = AESGCM.generate_key(256)
    bound = context.encode()
    return Envelope(
        KEY_ID,
        _encrypt(derive(secret, "wrap"), data_key, bound),
        _encrypt(data_key, value.encode(), bound),
    )


def unseal(secret: bytes, envelope: Envelope, context: str) -> str:
    """Return the value. Raises cryptography's InvalidTag when anything was exchanged."""
    bound = context.encode()
    data_key = _decrypt(derive(secret, "wrap"), envelope.wrapped_key, bound)
    return _decrypt(data_key, envelope.ciphertext, bound).decode()


def wrapped_key(secret: bytes, context: str) -> bytes:
    """Return a new data key, wrapped: for values that are sealed one by one and opened together."""
    return _encrypt(derive(secret, "wrap"), AESGCM.generate_key(256), context.encode())


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A wrapped key as it is stored, with the ``context`` it was wrapped for."""

    wrapped: bytes
    context: str


def seal_under(secret: bytes, key: KeptKey, value: str, context: str) -> bytes:
    """Encrypt ``value`` under a kept key; ``context`` is bound to it."""
    return _encrypt(_unwrapped(secret, key), value.encode(), context.encode())


def unseal_under(secret: bytes, key: KeptKey, sealed: bytes, context: str) -> str:
    """Return the value. Raises cryptography's InvalidTag when anything was exchanged."""
    return _decrypt(_unwrapped(secret, key), sealed, context.encode()).decode()


def _unwrapped(secret: bytes, key: KeptKey) -> bytes:
    return _decrypt(derive(secret, "wrap"), key.wrapped, key.context.encode())


def blind_index(secret: bytes, value: str, field: str) -> bytes:
    """Return 32 bytes that are equal for equal values of the same field."""
    return hmac.new(derive(secret, f"blind/{field}"), value.encode(), hashlib.sha256).digest()


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
