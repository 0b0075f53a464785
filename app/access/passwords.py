"""Password hashes: argon2id, one at a time in a bounded lane, so sign-ins never stop the site."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import Unavailable
from app.core.labels import T

Result = TypeVar("Result")
_QUEUE = 64

# 46 MiB, one pass, one lane: OWASP's equal of the 64 MiB default at a fifth of its time.
_hasher = PasswordHash((Argon2Hasher(memory_cost=47104, time_cost=1, parallelism=1),))
_lane = ThreadPoolExecutor(1, thread_name_prefix="argon2")
_waiting = 0


def hashed_now(password: str) -> str:
    """Return the hash, in this thread (commands and the demo)."""
    return _hasher.hash(password)


async def hashed(password: str) -> str:
    """Return the hash of a new password. Raises Unavailable when the lane is full."""
    return await _in_lane(_hasher.hash, password)


async def verified(password: str, known: str | None) -> bool:
    """Say whether ``password`` is the one; an absent hash costs the same time and is never it.

    Raises Unavailable when the lane is full.
    """
    right = await _in_lane(_hasher.verify, password, known or _decoy())
    return right and known is not None


async def _in_lane(call: Callable[..., Result], *args: str) -> Result:
    global _waiting  # noqa: PLW0603 -- one counter for one lane
    if _waiting >= _QUEUE:
        raise Unavailable(
            T("登录的人太多，请稍后再试。", "Too many people are signing in; try again shortly.")
        )
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_lane, call, *args)
    finally:
        _waiting -= 1


_decoy_hash: list[str] = []


def _decoy() -> str:
    if not _decoy_hash:
        _decoy_hash.append(_hasher.hash("nobody's password"))
    return _decoy_hash[0]
