"""Signing in by password: tries counted, the same words and time for every name, then the code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import passwords, second_factor, sessions, tries
from app.access.proving import WRONG_CODE
from app.access.sessions import Arrival, SignedIn
from app.access.tables import Account, AccountState
from app.core import db
from app.core.errors import Unauthenticated
from app.core.labels import T

_WRONG = T(
    "用户名或密码不正确，请核对后重试；忘记密码请联系系统管理员。",
    "Wrong username or password. Check both and try again; if forgotten, ask the system"
    " administrator.",
)
_NO_HAT = T(
    "这个账号还没有授予任何角色，请联系安全管理员。",
    "This account holds no role yet; ask the security administrator.",
)
_CODE = T(
    "密码正确。请再输入动态验证码应用显示的六位数字，或一个恢复码。",
    "The password is right. Now enter the six digits of your authenticator, or a recovery code.",
)


class CodeWanted(Unauthenticated):
    """The password was right; the second factor is still to come."""

    type = "urn:park:code-wanted"
    title = T("请输入动态验证码", "Enter the code of your authenticator")


class WrongCode(Unauthenticated):
    type = "urn:park:code-wrong"
    title = T("验证码不正确", "The code is not right")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody at the door says, and where from."""

    username: str
    password: str
    code: str | None = None
    device: str | None = None
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """An account whose password was right, and the try to be given back."""

    account: Account
    keys: Sequence[tries.Key]
    at: datetime


async def check(given: Given) -> Checked:
    """Count the try and check the password, holding no connection while argon2 works.

    Raises Unauthenticated, in the same words whatever was wrong; TooMany while a guesser waits.
    """
    async with db.transaction("staff") as session:
        account = await sessions.account_named(session, given.username)
        device = await tries.known_in(session, account.id, given.device) if account else None
        keys = tries.keys_of(given.username, given.ip, device)
        at = await tries.count(session, keys)
    known = account.password_hash if account and account.state is AccountState.active else None
    if not await passwords.verified(given.password, known) or account is None:
        raise Unauthenticated(_WRONG)
    return Checked(account, keys, at)


async def enter(session: AsyncSession, checked: Checked, given: Given) -> SignedIn:
    """Return a new session. Raises WrongCode, and Unauthenticated where no role is held."""
    account = checked.account
    second = await second_factor.asked_of(session, account.id)
    if second and not await second_factor.spend(session, account.id, given.code or ""):
        raise WrongCode(WRONG_CODE)
    await tries.give_back(session, checked.keys, checked.at)
    hats = await sessions.hats_of(session, account.id)
    if not hats:
        raise Unauthenticated(_NO_HAT)
    arrival = Arrival(given.ip, given.user_agent, second_factor=second)
    return await sessions.begin(session, account, hats[0][0], arrival)


async def require_code(checked: Checked, given: Given) -> None:
    """Raise CodeWanted where a second factor is in use and none came; that try was no guess."""
    if given.code:
        return
    async with db.transaction("staff") as session:
        wanted = await second_factor.asked_of(session, checked.account.id)
        if wanted:
            await tries.give_back(session, checked.keys, checked.at)
    if wanted:
        raise CodeWanted(_CODE)
