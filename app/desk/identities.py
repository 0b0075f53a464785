"""/me/identities: which identities at the provider open this account."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.access.oidc import identities, provider, trips
from app.access.oidc.provider import Untrusted
from app.access.step_up import StepUp, require_fresh_factor
from app.audit.requests import WorkDep
from app.core import db
from app.core.errors import NotFound, Unauthenticated, Unavailable
from app.core.http import documented
from app.core.labels import T
from app.desk import cookies

router = APIRouter(
    prefix="/me/identities", tags=["me"], responses=documented(Unauthenticated, StepUp, NotFound)
)

_DOWN = T(
    "统一认证暂时无法使用，没有关联任何身份；请稍后再试，或联系系统管理员。",
    "The identity provider cannot be used now and nothing was linked; try again later, or ask the"
    " system administrator.",
)


class IdentityShown(BaseModel):
    id: UUID
    issuer: str
    subject: str
    linked_at: datetime


class Identities(BaseModel):
    items: list[IdentityShown]


class Leaving(BaseModel):
    """Where the browser goes on to."""

    url: str


@router.get("", operation_id="me_identities", summary="My identities elsewhere")
async def list_identities(work: WorkDep) -> Identities:
    async with db.transaction("staff") as session:
        found = await identities.linked(session, work.actor.account_id)
    return Identities(
        items=[IdentityShown.model_validate(one, from_attributes=True) for one in found]
    )


@router.post(
    "",
    operation_id="me_identity_link",
    summary="Link an identity",
    responses=documented(Unavailable),
)
async def link(request: Request, response: Response, work: WorkDep) -> Leaving:
    """Begin the way to the provider; whoever comes back by it is linked to this account."""
    client = provider.configured()
    await require_fresh_factor(work.actor)
    try:
        async with db.transaction("staff") as session:
            trip = await trips.set_out(session, client, "/me", work.actor.session_id)
    except Untrusted as refused:
        raise Unavailable(_DOWN) from refused
    cookies.set_trip(request, response, trip.cookie, int(trips.LIFE.total_seconds()))
    return Leaving(url=trip.url)


@router.delete(
    "/{id}", status_code=204, operation_id="me_identity_unlink", summary="Unlink an identity"
)
async def unlink(work: WorkDep, id: UUID) -> None:  # noqa: A002 -- the name in the path
    await require_fresh_factor(work.actor)
    async with db.transaction("staff") as session:
        if not await identities.unlink(session, work.actor.account_id, id):
            raise NotFound
    await work.note("account.identity_end", detail={"identity": str(id)})
