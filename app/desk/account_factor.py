"""/accounts/{id}/second-factor/reset: for somebody who lost authenticator and recovery codes.

It is the security administrator's act, while the password is the system administrator's: nobody
takes an account over alone.
"""

from uuid import UUID

from fastapi import APIRouter

from app.access import proving, second_factor, sessions
from app.access.roles import Role
from app.access.step_up import require_fresh_factor
from app.audit.requests import WorkDep
from app.core.errors import Forbidden, Invalid, NotFound, Unauthenticated
from app.core.http import documented
from app.desk.accounts import account_of, require

router = APIRouter(
    prefix="/accounts",
    tags=["accounts"],
    responses=documented(Unauthenticated, NotFound, Invalid, Forbidden),
)


@router.post(
    "/{id}/second-factor/reset",
    status_code=204,
    operation_id="accounts_second_factor_reset",
    summary="Forget somebody's second factor",
)
async def reset(work: WorkDep, id: UUID) -> None:  # noqa: A002 -- the name in the path
    """Forget seed and recovery codes and end every session; whoever it is enrols anew."""
    require(work, frozenset({Role.security_admin}))
    account = await account_of(work, id)
    await require_fresh_factor(work.actor)
    await second_factor.forget(work.session, account.id)
    await proving.forget_second(work.session, account.id)
    await sessions.revoke_all(work.session, account.id)
    await work.note(
        "account.second_factor_reset", record_id=account.id, record_label=account.username
    )
