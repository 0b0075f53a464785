"""Proving, inside a session, that it is still the same person: by a code, or by the password."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access import passwords, second_factor, tries
from app.access.tables import Account, Session
from app.core import db
from app.core.clock import now
from app.core.errors import FieldError, Invalid
from app.core.labels import T

_CODE_WANTED = T(
    "请输入动态验证码应用当前显示的六位数字，或一个未用过的恢复码。",
    "Enter the six digits your authenticator shows now, or an unused recovery code.",
)
_PASSWORD_WANTED = T(
    "这个账号没有启用动态验证码，请输入登录密码确认。",
    "No authenticator is in use for this account; enter your password to confirm.",
)
WRONG_CODE = T(
    "验证码不正确或已经用过：请等应用显示下一组数字后再输入；手机时间不准也会出错，请校准。",
    "The code is wrong or was used before: wait for the next one and enter it. A clock that is"
    " off also makes it fail; set the time of your phone.",
)
_WRONG_PASSWORD = T(
    "密码不正确，请重新输入；忘记密码请联系系统管理员。",
    "The password is wrong. Enter it again; if forgotten, ask the system administrator.",
)


@dataclass(frozen=True, slots=True)
class Try:
    """One try to prove who one is from within a session, counted before it is looked at."""

    keys: Sequence[tries.Key]
    at: datetime

    async def give_back(self, session: AsyncSession) -> None:
        """Forget it: it was right, or no guess."""
        await tries.give_back(session, self.keys, self.at)


async def counted(account_id: UUID) -> Try:
    """Count a try from within a session: whoever holds a stolen one does not get to guess.

    Raises TooMany. Strangers cannot reach this counter.
    """
    keys = tries.keys_within(account_id)
    async with db.transaction("staff") as session:  # kept whatever comes of it
        return Try(keys, await tries.count(session, keys))


async def prove(
    session: AsyncSession, account: Account, code: str | None, password: str | None
) -> bool:
    """Check the factor this account is to give; return whether it was a second one.

    Raises Invalid, naming the field that is wanted or wrong.
    """
    if await second_factor.asked_of(session, account.id):
        if not code:
            raise Invalid.of(FieldError("/code", "missing", _CODE_WANTED))
        if not await second_factor.spend(session, account.id, code):
            raise Invalid.of(FieldError("/code", "wrong", WRONG_CODE))
        return True
    if not password:
        raise Invalid.of(FieldError("/password", "missing", _PASSWORD_WANTED))
    if not await passwords.verified(password, account.password_hash):
        raise Invalid.of(FieldError("/password", "wrong", _WRONG_PASSWORD))
    return False


async def mark_proved(session: AsyncSession, session_id: UUID, *, second: bool) -> None:
    """Note in the session that its person has just given a factor."""
    values = {"factor_at": now()} | ({"second_factor_at": now()} if second else {})
    await session.execute(update(Session).where(col(Session.id) == session_id).values(**values))


async def forget_second(session: AsyncSession, account_id: UUID) -> None:
    """Have no session of the account count as proved by a second factor any more."""
    await session.execute(
        update(Session)
        .where(col(Session.account_id) == account_id)
        .values(factor_at=None, second_factor_at=None)
    )
