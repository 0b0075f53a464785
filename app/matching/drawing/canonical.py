"""One byte sequence for one content (RFC 8785): what is hashed, published and compared."""

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """Return ``value`` as canonical JSON. Raises CanonicalizationError for what JSON cannot say."""
    return bytes(rfc8785.dumps(value))


def sha(value: Any) -> str:
    """Return the SHA-256 of ``value``'s canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
