"""Guesses counted: whoever guesses waits longer and longer, and never anybody else for long.

Counters stand in the database, so all workers share them. A try is counted *before* the password
is looked at and given back when it was right, so that guesses made at once are no way round. A
browser the account has signed in from before has a counter of its own and none of the others: a
stranger's guesses cannot keep its owner out, not even from the next desk.

Keys are HMACs: the table tells nobody which names exist or were tried.
"""

import hashlib
import hmac
import ipaddress
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.credentials import KnownDevice, SignInTry
from app.core import db, jobs
from app.core.clock import now
from app.core.crypto import derive
from app.core.errors import TooMany
from app.core.labels import T
from app.core.settings import get_settings

DEVICE_LIFE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Limit:
    """``free`` tries, then 2, 4, 8 … seconds up to ``longest``; one is forgotten in ``forgets``."""

    free: int
    longest: int
    forgets: int


@dataclass(frozen=True, slots=True)
class Key:
    digest: bytes
    limit: Limit


PAIR = Limit(free=5, longest=300, forgets=600)  # one name from one network
ACCOUNT = Limit(free=20, longest=60, forgets=120)  # one name from anywhere unknown
NETWORK = Limit(free=40, longest=300, forgets=60)  # any names from one network
DEVICE = Limit(free=5, longest=300, forgets=600)  # one name from a browser it is known in

_WAIT = T(
    "尝试次数过多，为防止猜测密码，请在 {seconds} 秒后再试；在以前登录过的浏览器上不受他人影响。",
    "Too many tries. To stop guessing, wait {seconds} seconds and try again; a browser you have"
    " signed in from before is not slowed down by others.",
)
#: A wait longer than the longest was written by a clock that went wrong: it holds nobody up.
_COUNT = text(
    """
    INSERT INTO sign_in_try AS t (key, failures, at, until) VALUES (:key, 1, :now, :now)
    ON CONFLICT (key) DO UPDATE SET (failures, at, until) = (
      SELECT n, CAST(:now AS timestamptz),
             CAST(:now AS timestamptz) + make_interval(secs => CASE WHEN n <= :free THEN 0
               ELSE least(:longest, power(2, least(n - :free, 20))) END)
        FROM (SELECT greatest(0, t.failures - floor(greatest(0, extract(epoch FROM
                CAST(:now AS timestamptz) - t.at)) / :forgets)::int) + 1 AS n) counted)
    WHERE t.until <= :now
       OR t.until > CAST(:now AS timestamptz) + make_interval(secs => :longest)
    RETURNING failures
    """
)
_GIVE_BACK = text(
    "UPDATE sign_in_try SET failures = greatest(0, failures - 1),"
    " until = CASE WHEN at = :at OR failures - 1 <= :free THEN least(until, :at) ELSE until END"
    " WHERE key = :key"
)


def network_of(ip: str) -> str:
    """Return the network an address is counted by: /24, or /64 of IPv6."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    bits = 24 if address.version == 4 else 64  # noqa: PLR2004 -- IPv4
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def keys_of(username: str, ip: str, device: bytes | None) -> list[Key]:
    """Return what a try counts against; ``device`` is one this account is known in."""
    name = username.strip().lower()
    if device is not None:
        return [_key(DEVICE, "device", name, device.hex())]
    network = network_of(ip)
    return [
        _key(PAIR, "pair", name, network),
        _key(ACCOUNT, "account", name),
        _key(NETWORK, "network", network),
    ]


def keys_within(account_id: UUID) -> list[Key]:
    """Return what a try inside a session of this account counts against."""
    return [_key(DEVICE, "within", account_id.hex)]


def _key(limit: Limit, *said: str) -> Key:
    secret = derive(get_settings().secret(), "sign-in-try")
    return Key(hmac.new(secret, "|".join(said).encode(), hashlib.sha256).digest(), limit)


async def count(session: AsyncSession, keys: Sequence[Key]) -> datetime:
    """Count one try against all ``keys`` and return when it was.

    Raises TooMany, and counts nothing, while one of them waits.
    """
    instant = now()
    for key in keys:
        limit = key.limit
        asked = {"key": key.digest, "now": instant, "free": limit.free}
        asked |= {"longest": limit.longest, "forgets": limit.forgets}
        if await session.scalar(_COUNT, asked) is None:
            raise too_many(await _until(session, key) - instant)
    return instant


async def _until(session: AsyncSession, key: Key) -> datetime:
    found = select(col(SignInTry.until)).where(col(SignInTry.key) == key.digest)
    return (await session.scalar(found)) or now()


def too_many(wait: timedelta) -> TooMany:
    seconds = max(1, math.ceil(wait.total_seconds()))
    return TooMany(_WAIT, {"seconds": seconds}, headers={"Retry-After": str(seconds)})


async def give_back(session: AsyncSession, keys: Sequence[Key], at: datetime) -> None:
    """Take back the try of ``at``, which was no guess.

    The first key is forgotten, the others lose one; waits that guesses beside it began go on.
    """
    await session.execute(delete(SignInTry).where(col(SignInTry.key) == keys[0].digest))
    for key in keys[1:]:
        given = {"key": key.digest, "at": at, "free": key.limit.free}
        await session.execute(_GIVE_BACK, given)


async def known_in(session: AsyncSession, account_id: UUID, cookie: str | None) -> bytes | None:
    """Return the device of this cookie if the account is known in it."""
    if not cookie:
        return None
    digest = _device(cookie)
    found = await session.get(KnownDevice, (digest, account_id))
    return digest if found is not None and found.expires_at > now() else None


async def remember(session: AsyncSession, account_id: UUID, cookie: str | None) -> str:
    """Note that the account signed in from this browser; return the cookie it is known by."""
    held = cookie if cookie and len(cookie) == len(_new_cookie()) else _new_cookie()
    seen = {"seen_at": now(), "expires_at": now() + DEVICE_LIFE}
    row = insert(KnownDevice).values(digest=_device(held), account_id=account_id, **seen)
    await session.execute(
        row.on_conflict_do_update(index_elements=["digest", "account_id"], set_=seen)
    )
    return held


async def forget_devices(session: AsyncSession, account_id: UUID) -> None:
    await session.execute(delete(KnownDevice).where(col(KnownDevice.account_id) == account_id))


@jobs.task("sign_in.tidy", cron="13 3 * * *")
async def tidy() -> None:
    """Delete counters nobody waits for any more, and browsers not seen for long."""
    async with db.transaction("staff") as session:
        old = col(SignInTry.at) < now() - timedelta(days=2)
        await session.execute(delete(SignInTry).where(old))
        await session.execute(delete(KnownDevice).where(col(KnownDevice.expires_at) < now()))


def _new_cookie() -> str:
    return secrets.token_urlsafe(32)


def _device(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()
