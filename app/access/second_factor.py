"""The second factor: six digits of an authenticator, each good once, and recovery codes.

The seed is kept in an envelope (core/crypto); a code is taken by one conditional UPDATE, so that
two workers asked with the same code agree on which of them it was good for.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pyotp
import segno
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.credentials import RecoveryCode, SecondFactor
from app.access.roles import ADMINISTRATORS, STAFF, Role
from app.access.tables import Account
from app.core.clock import now
from app.core.crypto import Envelope, derive, seal, unseal
from app.core.settings import get_settings

STEP = timedelta(seconds=30)
DRIFT = 1  # steps a clock may be ahead or behind
RECOVERY_CODES = 10
_ISSUER = "Park"
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # nothing that looks like something else
_GROUP = 5


@dataclass(frozen=True, slots=True)
class Seed:
    """What an authenticator is fed with; shown once."""

    secret: str
    uri: str
    picture: str  # data: address of an SVG


def expected_of(role: Role) -> bool:
    """Say whether this installation wants a second factor of ``role``."""
    return get_settings().second_factor_required and role in STAFF | ADMINISTRATORS


async def enrolled(session: AsyncSession, account_id: UUID) -> bool:
    """Say whether the account has an authenticator that has been tried."""
    found = await session.get(SecondFactor, account_id)
    return found is not None and found.confirmed_at is not None


async def asked_of(session: AsyncSession, account_id: UUID) -> bool:
    """Say whether signing in takes a code: there is one, and the installation uses them."""
    return get_settings().second_factor_required and await enrolled(session, account_id)


async def begin(session: AsyncSession, account: Account) -> Seed:
    """Make a new seed, which counts once ``confirm`` has seen a code of it."""
    secret = pyotp.random_base32(32)
    sealed = seal(get_settings().secret(), secret, _context(account.id))
    await session.execute(delete(SecondFactor).where(col(SecondFactor.account_id) == account.id))
    session.add(
        SecondFactor(
            account_id=account.id,
            key_id=sealed.key_id,
            wrapped_key=sealed.wrapped_key,
            ciphertext=sealed.ciphertext,
        )
    )
    await session.flush()
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=_ISSUER)
    picture = segno.make(uri, error="m").svg_data_uri(border=4)
    return Seed(secret, uri, picture)


async def confirm(session: AsyncSession, account_id: UUID, code: str) -> list[str] | None:
    """Let a seed count once a code of it was entered; return new recovery codes, else None."""
    if await enrolled(session, account_id) or not await _take(session, account_id, code):
        return None
    await session.execute(
        update(SecondFactor)
        .where(col(SecondFactor.account_id) == account_id)
        .values(confirmed_at=now())
    )
    return await new_recovery_codes(session, account_id)


async def new_recovery_codes(session: AsyncSession, account_id: UUID) -> list[str]:
    """Replace the recovery codes and return them, once."""
    await session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    rows = [{"account_id": account_id, "digest": _digest(account_id, code)} for code in codes]
    await session.execute(insert(RecoveryCode), rows)
    return codes


async def recovery_codes_left(session: AsyncSession, account_id: UUID) -> int:
    left = select(func.count()).where(
        col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None)
    )
    return int(await session.scalar(left) or 0)


async def spend(session: AsyncSession, account_id: UUID, code: str) -> bool:
    """Take a code of the authenticator, or a recovery code; False when it is not good (again)."""
    if not await enrolled(session, account_id):
        return False
    if await _take(session, account_id, code):
        return True
    done = await session.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.digest) == _digest(account_id, code),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now())
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


async def forget(session: AsyncSession, account_id: UUID) -> None:
    """Delete seed and recovery codes: whoever it is enrols anew."""
    for table in (SecondFactor, RecoveryCode):
        await session.execute(delete(table).where(col(table.account_id) == account_id))


async def _take(session: AsyncSession, account_id: UUID, code: str) -> bool:
    """Spend the step that ``code`` belongs to, unless it or a later one has been spent."""
    found = await session.get(SecondFactor, account_id)
    step = None if found is None else _step_of(found, code)
    if step is None:
        return False
    done = await session.execute(
        update(SecondFactor)
        .where(col(SecondFactor.account_id) == account_id, col(SecondFactor.last_step) < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _step_of(factor: SecondFactor, code: str) -> int | None:
    """Return which thirty seconds ``code`` is of, None if of none near now."""
    sealed = Envelope(factor.key_id, factor.wrapped_key, factor.ciphertext)
    secret = unseal(get_settings().secret(), sealed, _context(factor.account_id))
    said, totp = _plain(code), pyotp.TOTP(secret)
    present = int(now().timestamp() // STEP.seconds)
    near = range(present - DRIFT, present + DRIFT + 1)
    right = [s for s in near if hmac.compare_digest(totp.generate_otp(s).encode(), said.encode())]
    return right[-1] if right else None


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(2 * _GROUP))
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"


def _digest(account_id: UUID, code: str) -> bytes:
    key = derive(get_settings().secret(), "recovery-code")
    return hmac.new(key, f"{account_id}|{_plain(code)}".encode(), hashlib.sha256).digest()


def _context(account_id: UUID) -> str:
    return f"second_factor/{account_id}"
