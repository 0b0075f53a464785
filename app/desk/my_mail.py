"""/me/mail: my address, the code that proves it, and whether I want to hear by mail."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import mail_address
from app.access.tables import Account, MailWish
from app.audit.requests import WorkDep
from app.core import db, jobs, mail
from app.core.errors import Conflict, FieldError, Invalid, TooMany, Unauthenticated
from app.core.http import documented
from app.core.labels import T, preferred_locale
from app.core.settings import get_settings
from app.desk.me import account_of

router = APIRouter(
    prefix="/me/mail",
    tags=["me"],
    responses=documented(Unauthenticated, Invalid, Conflict, TooMany),
)

CODE = "account.mail_code"
#: Minutes between attempts; a code that comes later is of no use any more.
WAITS = (1, 5)

_NO_ADDRESS = T(
    "这不是可以收信的邮箱地址；请填写完整，例如 name@example.cn。",
    "Mail cannot be sent to this; give a whole address such as name@example.cn.",
)
_WRONG = T(
    "验证码不正确或已过期；请核对邮件，或重新发送验证码。",
    "The code is wrong or too old; look at the letter again, or have a new code sent.",
)
_SOON = T(
    "验证码刚刚发出，请等一分钟再重新发送。",
    "A code was sent just now; wait a minute before you ask for another.",
)
_UNPROVED = T(
    "邮箱还没有验证，不能开启邮件通知；请先填写邮件中的验证码。",
    "The address is not proved yet, so letters stay off; enter the code from the letter first.",
)
_SUBJECT = T("邮箱验证码：{code}", "Your code: {code}")
_LETTER = T(
    "{name}：\n\n您的邮箱验证码是 {code}，30 分钟内有效。请在“我的账号”中填写：{url}\n\n"
    "如果这不是您本人的操作，请忽略本邮件。本邮件由系统发出，请勿直接回复。\n",
    "Dear {name},\n\nYour code is {code}; it is good for 30 minutes."
    ' Enter it under "My account": {url}\n\n'
    "If you did not ask for it, ignore this message. It was sent by the system; please do not"
    " reply to it.\n",
)


class MyMail(BaseModel):
    address: str | None
    verified: bool
    wish: MailWish
    configured: bool = Field(description="This installation sends mail")


class NewAddress(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    address: str | None = Field(default=None, max_length=254)


class Code(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    code: str = Field(min_length=1, max_length=12)


class NewWish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    wish: MailWish


@router.get("", operation_id="my_mail", summary="My address and what I want mailed")
async def read(work: WorkDep) -> MyMail:
    async with db.transaction("staff") as session:
        return shown(await account_of(session, work.actor.account_id))


def shown(account: Account) -> MyMail:
    """Return what is known of an account's mail."""
    return MyMail(
        address=account.email,
        verified=account.email_verified_at is not None,
        wish=account.mail,
        configured=mail.configured(),
    )


@router.put("/address", operation_id="my_mail_address", summary="Set my address; mails a code")
async def set_address(work: WorkDep, given: NewAddress) -> MyMail:
    async with db.transaction("staff") as session:
        account = await account_of(session, work.actor.account_id)
        await ask_for(session, account, given.address or None)
        told = shown(account)
    await work.note("account.mail_address")
    return told


async def ask_for(session: AsyncSession, account: Account, address: str | None) -> None:
    """Give an account an address and mail a code to it. Raises Invalid, TooMany."""
    if address is not None:
        try:
            mail.letter(address, "", "")
        except mail.MailFailed as exc:
            raise Invalid.of(FieldError("/address", "address", _NO_ADDRESS)) from exc
        if "@" not in address:
            raise Invalid.of(FieldError("/address", "address", _NO_ADDRESS))
        if mail_address.waits(account):
            raise TooMany(_SOON)
    mail_address.ask_for(account, address)
    await session.flush()
    if address is not None and mail.configured():
        await jobs.enqueue(session, CODE, account_id=account.id, tries=0)


@router.post("/verify", operation_id="my_mail_verify", summary="Prove my address")
async def verify(work: WorkDep, given: Code) -> MyMail:
    async with db.transaction("staff") as session:
        account = await account_of(session, work.actor.account_id)
        good = mail_address.proved(get_settings().secret(), account, given.code)
        await session.flush()
        told = shown(account)
    if not good:  # the try is counted all the same
        raise Invalid.of(FieldError("/code", "wrong", _WRONG))
    await work.note("account.mail_verified")
    return told


@router.put("", operation_id="my_mail_wish", summary="Choose what is mailed")
async def set_wish(work: WorkDep, given: NewWish) -> MyMail:
    async with db.transaction("staff") as session:
        account = await account_of(session, work.actor.account_id)
        if given.wish is not MailWish.off and account.email_verified_at is None:
            raise Invalid.of(FieldError("/wish", "unproved", _UNPROVED))
        account.mail = given.wish
        await session.flush()
        return shown(account)


@jobs.task(CODE)
async def deliver(account_id: UUID, tries: int) -> None:
    """Mail the code if it is still to be entered."""
    async with db.transaction("staff") as session:
        account = await account_of(session, account_id)
        if account.email is None or account.email_nonce is None:
            return
        address, (subject, words) = account.email, _written(account)
    try:
        await mail.send(mail.letter(address, subject, words))
    except mail.MailFailed as failed:
        if failed.for_good or tries >= len(WAITS):
            return
        async with db.transaction("staff") as session:
            wait = timedelta(minutes=WAITS[tries])
            await jobs.enqueue(session, CODE, after=wait, account_id=account_id, tries=tries + 1)


def _written(account: Account) -> tuple[str, str]:
    locale = preferred_locale(account.locale)
    code = mail_address.code_of(get_settings().secret(), account)
    url = f"{get_settings().address}/me"
    params = {"name": account.name, "code": code, "url": url}
    return _SUBJECT.filled(locale, params), _LETTER.filled(locale, params)
