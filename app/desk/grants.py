"""/accounts/{id}/grants: the security administrator asks for a role, a second one confirms.

A role comes into being by two people, neither of whom is the one who gets it. Only the first
administrators are made otherwise: by the set-up link, and from the server's own command line.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, text
from sqlmodel import col

from app.access import sessions
from app.access.roles import ADMINISTRATORS, LABELS, Role, wall_of
from app.access.tables import Account, Hat, Organisation, OrganisationKind
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core import db
from app.core.clock import now, today
from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from app.core.http import CONSTRAINTS, documented
from app.core.labels import T
from app.desk.accounts import ADMINS, GrantShown, account_of, note, require, shown
from app.desk.organisations import KINDS
from app.registers import directory
from app.registers.approvals.kinds import Kind, declare
from app.registers.approvals.service import ask
from app.registers.approvals.tables import TwoPersonAct

router = APIRouter(
    prefix="/accounts/{id}/grants",
    tags=["accounts"],
    responses=documented(Unauthenticated, NotFound, Invalid, Forbidden),
)

_HELD = T(
    "该账号已有这个角色，无须再授予；请核对所选的角色和单位。",
    "The account holds this role already; check the role and organisation chosen.",
)
_SAYS = T(
    "授予账号「{username}」角色：{role}，单位：{place}，有效期：{until}。确认后该账号即可以此角色登录。",
    "Give the account {username} the role of {role} at {place}, {until}; it may then sign in under"
    " it.",
)
_UNTIL = T("至 {day}", "until {day}")
_ENDLESS = T("长期", "without an end")
_PAST = T(
    "有效期已经过去，授予后也不能登录；请填写今天或以后的日期，或留空（长期）。",
    "That day is past, so the role could never be used; give today or a later day, or none.",
)
_NO_PARTY = T(
    "企业和专家角色须对应具体的企业或专家，请选择是哪一家或哪一位。",
    "The role is for one enterprise or expert; choose which.",
)
_NO_ORGANISATION = T(
    "没有这个单位，请从列表中重新选择。", "There is no such organisation; choose one from the list."
)
_APART = T(
    "三员分立：系统、安全、审计管理员各由一人担任，且不得兼任业务角色；请另建账号。",
    "System, security and audit administrator are three people and hold no other role;"
    " make another account.",
)
_NOT_PARTY = T(
    "没有这家企业或这位专家，请从列表中重新选择。",
    "There is no such enterprise or expert; choose one from the list.",
)
CONSTRAINTS["uq_hat_live"] = ("/role", _HELD)
_K = OrganisationKind
_ABOVE = frozenset({_K.province, _K.centre})
#: Where a role may be held.
_WHERE: dict[Role, frozenset[OrganisationKind]] = {
    Role.province_staff: frozenset({_K.province}),
    Role.centre_leader: frozenset({_K.centre}),
    Role.centre_staff: frozenset({_K.centre}),
    Role.station_staff: frozenset({_K.station}),
    Role.committee: frozenset({_K.committee}),
    Role.enterprise: frozenset({_K.park}),
    Role.expert: frozenset({_K.province, _K.centre, _K.park}),
    Role.auditor: _ABOVE,
    Role.system_admin: _ABOVE,
    Role.security_admin: _ABOVE,
}
_WRONG_KIND = T(
    "「{role}」不能设在这个单位，请选择{kinds}。",
    "{role} cannot be held at this organisation; choose one of: {kinds}.",
)
_PARTY_REGISTERS = {Role.enterprise: "enterprises", Role.expert: "experts"}


class Grant(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Role
    organisation_id: int = Field(ge=1, le=2**31 - 1)
    party_id: UUID | None = None
    valid_until: date | None = None


class GrantAsked(BaseModel):
    """A role that was asked for: it is held once a second administrator has confirmed it."""

    act_id: UUID
    role: Role
    role_label: str
    organisation: str
    expires_at: datetime


class Grants(BaseModel):
    items: list[GrantShown]


@router.get("", operation_id="accounts_grants", summary="Roles of an account")
async def list_grants(work: WorkDep, id: UUID) -> Grants:  # noqa: A002
    require(work, ADMINS)
    account = await work.session.get(Account, id)
    if account is None:
        raise NotFound
    return Grants(items=(await shown(work, account)).grants)


@router.post("", status_code=202, operation_id="accounts_grant", summary="Ask for a role")
async def ask_for_grant(work: WorkDep, id: UUID, given: Grant) -> GrantAsked:  # noqa: A002
    require(work, frozenset({Role.security_admin}))
    account = await account_of(work, id)
    organisation = await _checked(work, account, given)
    act = await ask(
        work,
        GRANT,
        record_id=account.id,
        node_id=None,
        label=account.username,
        subject=f"{given.role}/{given.organisation_id}/{given.party_id or ''}",
        params=given.model_dump(mode="json"),
        barred=[account.id],
    )
    return GrantAsked(
        act_id=act.id,
        role=given.role,
        role_label=LABELS[given.role].in_(work.locale),
        organisation=organisation.name,
        expires_at=act.expires_at,
    )


async def _checked(work: Work, account: Account, given: Grant) -> Organisation:
    """Return where the role is to be held. Raises Invalid, Conflict."""
    organisation = await work.session.get(Organisation, given.organisation_id)
    if organisation is None:
        raise Invalid.of(FieldError("/organisation_id", "unknown", _NO_ORGANISATION))
    if organisation.kind not in _WHERE[given.role]:
        told = {"role": LABELS[given.role], "kinds": _kinds(_WHERE[given.role])}
        raise Invalid.of(FieldError("/organisation_id", "wrong_kind", _WRONG_KIND, told))
    if given.valid_until and given.valid_until < today():
        raise Invalid.of(FieldError("/valid_until", "past", _PAST))
    held = [hat for hat, _ in await sessions.hats_of(work.session, account.id)]
    _require_apart({hat.role for hat in held}, given.role)
    await _check_party(given, _PARTY_REGISTERS.get(given.role))
    wanted = (given.role, given.organisation_id, given.party_id)
    if wanted in {(hat.role, hat.organisation_id, hat.party_id) for hat in held}:
        raise Conflict(_HELD, errors=[FieldError("/role", "taken", _HELD)])
    return organisation


async def _carry_out(work: Work, act: TwoPersonAct) -> None:
    """Give the role, if nothing has come in its way since it was asked for."""
    given = Grant.model_validate(act.params)
    account = await account_of(work, act.record_id)
    await _checked(work, account, given)
    hat = Hat(
        account_id=account.id,
        role=given.role,
        organisation_id=given.organisation_id,
        party_register=_PARTY_REGISTERS.get(given.role),
        party_id=given.party_id,
        valid_until=given.valid_until,
        granted_by=act.asked_by_id,
    )
    work.session.add(hat)
    await work.session.flush()
    detail = {"role": given.role, "grant": str(hat.id), "asked_by": act.asked_by}
    await note(work, "account.grant", account, detail)


async def _says(work: Work, act: TwoPersonAct) -> str:
    organisation = await work.session.get(Organisation, act.params["organisation_id"])
    told: dict[str, Any] = {"username": act.label, "role": LABELS[Role(act.params["role"])]}
    told["place"] = organisation.name if organisation else ""
    day = act.params.get("valid_until")
    told["until"] = (_UNTIL if day else _ENDLESS).filled(work.locale, {"day": day})
    return _SAYS.filled(work.locale, told)


GRANT = declare(
    Kind(
        name="accounts.grant",
        label=T("授予角色", "Grant of a role"),
        asks=frozenset({Role.security_admin}),
        confirms=ADMINS,
        days=7,
        says=_says,
        carry_out=_carry_out,
    )
)


def _kinds(kinds: frozenset[OrganisationKind]) -> T:
    found = [KINDS[kind] for kind in OrganisationKind if kind in kinds]
    return T("、".join(k.zh for k in found), ", ".join(k.en for k in found))


def _require_apart(held: set[Role], role: Role) -> None:
    """Keep the three administrators three people, and none of them in business (MLPS 8.1.5)."""
    others = held - {role}
    if others and (role in ADMINISTRATORS or others & ADMINISTRATORS):
        raise Conflict(_APART, errors=[FieldError("/role", "administrators_apart", _APART)])


async def _check_party(given: Grant, register: str | None) -> None:
    if (register is None) != (given.party_id is None):
        raise Invalid.of(FieldError("/party_id", "missing", _NO_PARTY))
    if register is None or given.party_id is None:
        return
    row = directory.named(register).row
    async with db.transaction(wall_of(given.role)) as own:
        await own.execute(_AS_PARTY, {"party": str(given.party_id)})
        if not await own.scalar(select(row.id).where(col(row.id) == given.party_id)):
            raise Invalid.of(FieldError("/party_id", "unknown", _NOT_PARTY))


_AS_PARTY = text("SELECT set_config('app.party', :party, true)")


@router.delete(
    "/{grant_id}", status_code=204, operation_id="accounts_ungrant", summary="Take a role"
)
async def end_grant(work: WorkDep, id: UUID, grant_id: UUID) -> None:  # noqa: A002
    require(work, frozenset({Role.security_admin}))
    account = await account_of(work, id)
    hat = await work.session.get(Hat, grant_id)
    if hat is None or hat.account_id != id or hat.ended_at is not None:
        raise NotFound
    hat.ended_at = now()
    await work.session.flush()
    await sessions.revoke_all(work.session, id)
    await note(work, "account.ungrant", account, {"role": hat.role, "grant": str(hat.id)})
