"""/organisations: the tree province > city centre > park > committee, station."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlmodel import col

from app.access.roles import Role, named
from app.access.tables import NODE_KINDS, Organisation, OrganisationKind
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from app.core.http import CONSTRAINTS, documented
from app.core.labels import T

router = APIRouter(
    prefix="/organisations",
    tags=["organisations"],
    responses=documented(Unauthenticated, Forbidden, Invalid),
)

_PARENT = {
    OrganisationKind.centre: OrganisationKind.province,
    OrganisationKind.park: OrganisationKind.centre,
    OrganisationKind.committee: OrganisationKind.park,
    OrganisationKind.station: OrganisationKind.park,
}
_ONLY = T(
    "只有{who}可以维护单位，请联系他们办理。",
    "Only {who} may maintain organisations; ask one of them.",
)
_TAKEN = T(
    "这个单位代码已被使用，请核对后换一个。", "This code is taken; check it, or choose another."
)
_WRONG_PARENT = T(
    "上级单位不对：{kind}应设在{parent}之下，请重新选择上级单位。",
    "{kind} stands under {parent}; choose another parent.",
)
KINDS = {
    OrganisationKind.province: T("省", "Province"),
    OrganisationKind.centre: T("市级中心", "City centre"),
    OrganisationKind.park: T("园区", "Park"),
    OrganisationKind.committee: T("管委会", "Committee"),
    OrganisationKind.station: T("工作站", "Workstation"),
}
CONSTRAINTS["uq_organisation_code"] = ("/code", _TAKEN)


class OrganisationBody(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    name: str = Field(min_length=2, max_length=120)
    name_en: str | None = Field(default=None, max_length=120)
    host_division_code: str | None = Field(default=None, max_length=12, pattern=r"^\d{6,12}$")


class NewOrganisation(OrganisationBody):
    kind: OrganisationKind
    code: str = Field(min_length=2, max_length=32, pattern=r"^[\w.-]+$")
    parent_id: int = Field(ge=1, le=2**31 - 1)


class OrganisationRow(OrganisationBody):
    id: int
    kind: OrganisationKind
    kind_label: str
    code: str
    parent_id: int | None
    node_id: int


class Organisations(BaseModel):
    items: list[OrganisationRow]


def _row(work: Work, found: Organisation) -> OrganisationRow:
    return OrganisationRow(
        **found.model_dump(
            include={"id", "kind", "code", "name", "name_en", "parent_id", "node_id"}
        ),
        host_division_code=found.host_division_code,
        kind_label=KINDS[found.kind].in_(work.locale),
    )


@router.get("", operation_id="organisations_list", summary="The organisation tree")
async def list_organisations(work: WorkDep) -> Organisations:
    """Everybody signed in knows which units exist; what they hold is another matter."""
    found = await work.session.execute(select(Organisation).order_by(col(Organisation.id)))
    return Organisations(items=[_row(work, o) for o in found.scalars()])


def _require_system_admin(work: Work) -> None:
    if work.actor.role is not Role.system_admin:
        raise Forbidden(_ONLY, {"who": named(frozenset({Role.system_admin}))})


@router.post("", status_code=201, operation_id="organisations_create", summary="New unit")
async def create_organisation(work: WorkDep, given: NewOrganisation) -> OrganisationRow:
    _require_system_admin(work)
    parent = await work.session.get(Organisation, given.parent_id)
    wanted = _PARENT.get(given.kind)
    if parent is None or wanted is None or parent.kind is not wanted:
        params = {
            "kind": KINDS[given.kind],
            "parent": KINDS[wanted] if wanted else T("（无）", "(nothing)"),
        }
        raise Invalid.of(FieldError("/parent_id", "wrong_parent", _WRONG_PARENT, params))
    taken = select(col(Organisation.id)).where(col(Organisation.code) == given.code)
    if await work.session.scalar(taken):
        raise Conflict(_TAKEN, errors=[FieldError("/code", "taken", _TAKEN)])
    made = Organisation(
        **given.model_dump(),
        node_id=parent.node_id,
        region_id=parent.region_id,
        ancestors=[*parent.ancestors, given.parent_id],
    )
    work.session.add(made)
    await work.session.flush()
    if made.kind in NODE_KINDS and made.id is not None:
        made.node_id = made.id
        if made.kind is OrganisationKind.centre:
            made.region_id = made.id
        await work.session.flush()
    await work.note("organisation.create", record_label=made.name, detail={"code": made.code})
    return _row(work, made)


@router.put("/{id}", operation_id="organisations_revise", summary="Rename a unit")
async def revise_organisation(
    work: WorkDep,
    id: int,  # noqa: A002 -- the name in the path
    given: OrganisationBody,
) -> OrganisationRow:
    _require_system_admin(work)
    found = await work.session.get(Organisation, id) if 0 < id < 2**31 else None
    if found is None:
        raise NotFound
    before = found.name
    found.name, found.name_en = given.name, given.name_en
    found.host_division_code = given.host_division_code
    await work.session.flush()
    await work.note("organisation.revise", record_label=found.name, detail={"before": before})
    return _row(work, found)
