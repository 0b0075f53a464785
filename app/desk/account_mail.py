"""/accounts/{id}/mail: the system administrator enters an address; its owner proves it."""

from uuid import UUID

from fastapi import APIRouter

from app.access.roles import Role
from app.audit.requests import WorkDep
from app.core.errors import Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from app.core.http import documented
from app.desk.accounts import account_of, require
from app.desk.my_mail import MyMail, NewAddress, ask_for, shown

router = APIRouter(
    prefix="/accounts",
    tags=["accounts"],
    responses=documented(Unauthenticated, NotFound, Invalid, Forbidden, TooMany),
)


@router.put("/{id}/mail", operation_id="accounts_mail", summary="Enter somebody's address")
async def set_address(
    work: WorkDep,
    id: UUID,  # noqa: A002 -- the name in the path
    given: NewAddress,
) -> MyMail:
    require(work, frozenset({Role.system_admin}))
    account = await account_of(work, id)
    await ask_for(work.session, account, given.address or None)
    await work.note("account.mail_address", record_id=id, record_label=account.username)
    return shown(account)
