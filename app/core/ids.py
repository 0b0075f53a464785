"""Identifiers: UUIDv7, so that ids sort by birth and index pages fill in order (RFC 9562, 5.7)."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """Return a UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    high = (milliseconds << 16) | 0x7000 | (random >> 62)
    low = (0b10 << 62) | (random & ((1 << 62) - 1))
    return UUID(int=(high << 64) | low)
