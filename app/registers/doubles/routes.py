"""Routes about doubles: which records may be one, that they are not, and making them one."""

from uuid import UUID

from fastapi import APIRouter

from app.audit.requests import WorkDep
from app.core.errors import Conflict, Forbidden, Stale, VersionRequired
from app.core.etags import IfMatch
from app.core.http import documented
from app.registers.directory import AnyRegister, open_to
from app.registers.doubles import comparing, dismissing, duplicates, merging
from app.registers.operations import called
from app.registers.taking_back import Undone

_MAY = documented(Forbidden)


def add_collection_routes(made: APIRouter, register: AnyRegister) -> None:
    """Give a register the routes over all of it; before ``/{id}``, which would take their names."""

    @made.get(
        "/duplicates",
        response_model=duplicates.DuplicatePairs,
        responses=_MAY,
        **called(register, "duplicate_pairs"),
    )
    async def list_pairs(work: WorkDep) -> duplicates.DuplicatePairs:
        open_to(register.name, work.actor.role)
        return await duplicates.pairs(work, register)

    @made.post("/similar", responses=_MAY, **called(register, "similar"))
    async def list_similar(work: WorkDep, given: duplicates.Given) -> duplicates.Candidates:
        open_to(register.name, work.actor.role)
        return await duplicates.similar(work, register, given.values)


def add_merge_routes(made: APIRouter, register: AnyRegister) -> None:
    """Give a register the routes over one record and another."""
    _add_duplicates(made, register)

    @made.get(
        "/{id}/merge/{other}",
        response_model=comparing.Comparison,
        responses=_MAY,
        **called(register, "compare"),
    )
    async def compare_records(work: WorkDep, id: UUID, other: UUID) -> comparing.Comparison:  # noqa: A002
        open_to(register.name, work.actor.role)
        return await comparing.compare(work, register, id, other)

    @made.post(
        "/{id}/merge",
        responses=documented(Stale, VersionRequired, Forbidden, Conflict),
        **called(register, "merge"),
    )
    async def merge_records(
        work: WorkDep,
        id: UUID,  # noqa: A002
        asked: merging.MergeAsked,
        version: IfMatch,
    ) -> Undone:
        open_to(register.name, work.actor.role)
        row = await merging.merge(work, register, id, asked, version)
        return Undone(id=row.id, version=row.version, became="merged")


def _add_duplicates(made: APIRouter, register: AnyRegister) -> None:
    @made.get(
        "/{id}/duplicates",
        response_model=duplicates.Candidates,
        responses=_MAY,
        **called(register, "duplicates"),
    )
    async def list_duplicates(work: WorkDep, id: UUID) -> duplicates.Candidates:  # noqa: A002
        open_to(register.name, work.actor.role)
        return await duplicates.candidates(work, register, id)

    @made.put(
        "/{id}/duplicates/{other}/dismissal",
        status_code=204,
        responses=_MAY,
        **called(register, "dismiss"),
    )
    async def dismiss_pair(work: WorkDep, id: UUID, other: UUID) -> None:  # noqa: A002
        open_to(register.name, work.actor.role)
        await dismissing.dismiss(work, register, id, other)

    @made.delete(
        "/{id}/duplicates/{other}/dismissal",
        status_code=204,
        responses=_MAY,
        **called(register, "undismiss"),
    )
    async def propose_pair_again(work: WorkDep, id: UUID, other: UUID) -> None:  # noqa: A002
        open_to(register.name, work.actor.role)
        await dismissing.take_back_dismissal(work, register, id, other)
